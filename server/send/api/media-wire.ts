// The shapes of the media library as they leave this folder, and nothing else.

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

export interface MediumVariantWire {
  /** Pixels. */
  width: number
  url: string
}
