const FORMATS: [ending: string, type: RegExp, slug: string][] = [
  ['apng', /^image\/apng/, 'image-apng'],
  ['avif', /^image\/avif/, 'image-avif'],
  ['bmp', /^image\/(?:x-ms-)?bmp/, 'image-bmp'],
  ['gif', /^image\/gif/, 'image-gif'],
  ['heif', /^image\/hei[cf]/, 'image-heif'],
  ['heic', /^image\/hei[cf]/, 'image-heif'],
  ['ico', /^image\/(?:x-icon|vnd\.microsoft\.icon)/, 'image-ico'],
  ['jpg', /^image\/jpe?g/, 'image-jpg'],
  ['jpeg', /^image\/jpe?g/, 'image-jpg'],
  ['mp4', /^video\/mp4/, 'image-mp4'],
  ['png', /^image\/png/, 'image-png'],
  ['svg', /^image\/svg/, 'image-svg'],
  ['tif', /^image\/tiff/, 'image-tiff'],
  ['tiff', /^image\/tiff/, 'image-tiff'],
  ['webp', /^image\/webp/, 'image-webp'],
]

/** The pages of caniemail's about the formats of images, as far as their addresses tell. */
export function imageFeatures(addresses: string[]): string[] {
  return addresses.flatMap(address => {
    const [head = ''] = address.trim().slice(0, 2048).toLowerCase().split(/[?#]/, 1)
    if (head.startsWith('data:')) {
      const type = head.slice('data:'.length)
      const format = FORMATS.find(([, pattern]) => pattern.test(type))?.[2]
      return ['image-base64', ...(format ? [format] : [])]
    }
    const ending = /\.([a-z0-9]+)$/.exec(head)?.[1]
    const format = FORMATS.find(([known]) => known === ending)?.[2]
    return format ? [format] : []
  })
}
