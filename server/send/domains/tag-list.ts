/**
 * What DKIM and DMARC records are written in (RFC 6376, section 3.2).
 * @returns values by name, in lower case and without white space in them; undefined: it is none
 */
export function readTagList(record: string): Map<string, string> | undefined {
  const tags = new Map<string, string>()
  for (const part of record.split(';')) {
    if (part.trim() === '') continue
    const [, name, value] = /^\s*([a-z]\w*)\s*=([^]*)$/i.exec(part) ?? []
    if (name === undefined || value === undefined) return undefined
    tags.set(name.toLowerCase(), value.replaceAll(/\s+/g, ''))
  }
  return tags
}
