/**
 * Content-Disposition of a file to be saved (RFC 6266): a name in ASCII for old clients, and the real one
 * (RFC 8187) for the rest.
 */
export function fileDisposition(filename: string): string {
  // Path separators, control characters and what Windows forbids; no half of a surrogate pair either.
  const name = filename
    .toWellFormed()
    .replaceAll(/[\x00-\x1f\x7f/\\:*?"<>|]+/g, '_')
    .trim()
  const cut = shortened(name || 'file')
  const ascii = cut.replaceAll(/[^\x20-\x7e]|%/g, '_')
  return `attachment; filename="${ascii}"; filename*=UTF-8''${percentEncoded(cut)}`
}

/** File systems take 255 bytes; the ending stays. */
function shortened(name: string): string {
  const characters = [...name]
  if (characters.length <= 120) return name
  const ending = /\.\w{1,8}$/.exec(name)?.[0] ?? ''
  return `${characters.slice(0, 120 - ending.length).join('')}${ending}`
}

/** RFC 8187, section 3.2.1: what is not an attr-char. */
function percentEncoded(name: string): string {
  return encodeURIComponent(name).replaceAll(
    /['()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
