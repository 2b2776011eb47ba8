/** Tags that do not part words; any other becomes a space. */
const inline = new Set(
  'a abbr b bdi bdo big cite code del dfn em font i ins kbd mark q s samp small span strike strong sub sup tt u var wbr'.split(
    ' ',
  ),
)

const entities: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ensp: ' ',
  emsp: ' ',
  thinsp: ' ',
  shy: '',
  zwnj: '',
  zwj: '',
  copy: '©',
  reg: '®',
  trade: '™',
  euro: '€',
  pound: '£',
  hellip: '…',
  ndash: '–',
  mdash: '—',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  laquo: '«',
  raquo: '»',
  bull: '•',
  middot: '·',
}

/** The words of an HTML text, for a search index and nothing else: no layout, white space collapsed, at most `limit` characters. */
export function htmlToSearchText(html: string, limit: number): string {
  let out = ''
  let pos = 0
  while (pos < html.length && out.length < limit * 2) {
    const open = html.indexOf('<', pos)
    if (open === -1) {
      out += html.slice(pos, pos + limit * 2)
      break
    }
    out += html.slice(pos, Math.min(open, pos + limit * 2))
    if (html.startsWith('<!--', open)) {
      const end = html.indexOf('-->', open + 4)
      if (end === -1) break
      pos = end + 3
      continue
    }
    const name = /^<\/?([a-z][a-z0-9:-]*)/i.exec(html.slice(open, open + 40))?.[1]?.toLowerCase()
    if (name === undefined && html[open + 1] !== '!' && html[open + 1] !== '?') {
      out += '<'
      pos = open + 1
      continue
    }
    const close = html.indexOf('>', open)
    if (close === -1) break
    pos = close + 1
    if ((name === 'style' || name === 'script') && html[open + 1] !== '/') {
      const end = name === 'style' ? /<\/style\s*>/gi : /<\/script\s*>/gi
      end.lastIndex = pos
      if (!end.test(html)) break
      pos = end.lastIndex
    }
    if (name === undefined || !inline.has(name)) out += ' '
  }
  return decodeEntities(out).replace(/\s+/g, ' ').trim().slice(0, limit)
}

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));?/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return Object.hasOwn(entities, name) ? (entities[name] ?? '') : whole
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
    return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : ' '
  })
}
