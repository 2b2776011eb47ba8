// The shapes of the media library as they leave this folder: the web app imports its types from here.
import type { Medium } from '../templates/media.ts'

export interface MediumWire {
  id: number
  name: string
  /** For those who do not see the picture. */
  alt: string
  content_type: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp'
  /** Bytes as uploaded. */
  size: number
  /** Pixels of the widest variant. */
  width: number
  height: number
  /** Of the widest variant: absolute, for everybody, good for ever. */
  url: string
  /** Narrowest first. */
  variants: MediumVariantWire[]
  created_at: string
}

interface MediumVariantWire {
  /** Pixels. */
  width: number
  url: string
}

/** @param publicUrl of the server: what is in a mail must lead back to it */
export function mediumWire(medium: Medium, publicUrl: string): MediumWire {
  const { id, public_id, name, alt, size, width, height, widths, created_at } = medium
  const urlOf = (of: number) => `${publicUrl.replace(/\/$/, '')}/media/${public_id}/${of}`
  return {
    id,
    name,
    alt,
    content_type: medium.content_type as MediumWire['content_type'],
    size,
    width,
    height,
    url: urlOf(width),
    variants: widths.map(each => ({ width: each, url: urlOf(each) })),
    created_at: new Date(created_at).toISOString(),
  }
}
