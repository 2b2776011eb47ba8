import type { Sharp, SharpOptions } from 'sharp'

type PictureType = 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp'

export interface Picture {
  type: PictureType
  /** Pixels of the widest file, the right way up. */
  width: number
  height: number
  /** Narrowest first. */
  files: { width: number; bytes: Buffer }[]
}

/** Of a phone, of two of them or a column of a mail, of that column on a sharp screen; wider than the last is never needed. */
const WIDTHS = [320, 640, 1200, 2400]
/** Of all frames together. A few kilobytes can unpack to more memory than there is. */
const MAX_PIXELS = 50_000_000
const MAX_SECONDS = 20
const QUALITY = 85

/** What the first bytes say. SVG is none of these: it is a document that can hold scripts. */
function pictureType(bytes: Buffer): PictureType | undefined {
  const begins = bytes.toString('latin1', 0, 12)
  if (begins.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (begins.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (/^GIF8[79]a/.test(begins)) return 'image/gif'
  if (/^RIFF[^]{4}WEBP/.test(begins)) return 'image/webp'
  return undefined
}

let last: Promise<unknown> = Promise.resolve()

/**
 * Decodes a picture and writes it anew in several widths: what else was in the file, as where it was taken, is gone.
 * One at a time, in threads of libvips.
 * @returns undefined: it is no picture of these types, is damaged, or is too large
 */
export function readPicture(bytes: Buffer): Promise<Picture | undefined> {
  const type = pictureType(bytes)
  if (type === undefined) return Promise.resolve(undefined)
  const read = last.then(() => writeAnew(bytes, type)).catch(() => undefined)
  last = read
  return read
}

async function writeAnew(bytes: Buffer, type: PictureType): Promise<Picture | undefined> {
  // A native library that is needed for this alone.
  const { default: sharp } = await import('sharp')
  sharp.cache(false)
  sharp.concurrency(1)
  const options: SharpOptions = { limitInputPixels: MAX_PIXELS, failOn: 'error', animated: true }
  const found = await sharp(bytes, options).metadata()
  if (`image/${found.format}` !== type) return undefined
  const frames = found.pages ?? 1
  const width = found.autoOrient.width
  const height = found.pageHeight ?? found.autoOrient.height
  // Checked by libvips as well, for the part of it that it unpacks.
  if (width * height * frames > MAX_PIXELS) return undefined
  const widest = Math.min(width, WIDTHS.at(-1) ?? width)
  const files: Picture['files'] = []
  for (const each of [...WIDTHS.filter(one => one < widest), widest]) {
    const resized = sharp(bytes, options)
      .timeout({ seconds: MAX_SECONDS })
      .autoOrient()
      .resize({ width: each })
    files.push({ width: each, bytes: await encoded(resized, type).toBuffer() })
  }
  return { type, width: widest, height: Math.max(1, Math.round((height * widest) / width)), files }
}

function encoded(picture: Sharp, type: PictureType): Sharp {
  switch (type) {
    case 'image/png':
      return picture.png({ compressionLevel: 9 })
    case 'image/jpeg':
      return picture.jpeg({ quality: QUALITY, mozjpeg: true })
    case 'image/gif':
      return picture.gif()
    case 'image/webp':
      return picture.webp({ quality: QUALITY })
  }
}
