export interface HtmlListener {
  /** Of an opening tag. Names are lower case; `at` is where the tag begins, `valueAt` where a value does. */
  element(name: string, attributes: Map<string, { value: string; valueAt: number }>, at: number): void
  style(from: number, to: number): void
  comment(at: number): void
  doctype(text: string, at: number): void
}

const NAME = /[a-z][^\s/>]*/iy
const ATTRIBUTE = /[\s/]*([^\s=>/][^\s=>/]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?/dy
/** Their content is text to a browser, up to their own end tag (HTML, section 13.1.2). */
const RAW_TEXT = new Set(['style', 'script', 'title', 'textarea', 'xmp', 'iframe', 'noembed', 'noframes'])

/** Walks once over HTML, however broken. Comments are passed over whole, those for old Outlooks too. */
export function scanHtml(source: string, listener: HtmlListener): void {
  let at = source.indexOf('<')
  while (at !== -1) at = source.indexOf('<', markup(source, at, listener))
}

/** @returns where to go on */
function markup(source: string, at: number, listener: HtmlListener): number {
  if (source.startsWith('<!--', at)) {
    listener.comment(at)
    const end = source.indexOf('-->', at + 4)
    return end === -1 ? source.length : end + 3
  }
  if (source[at + 1] === '!' || source[at + 1] === '?' || source[at + 1] === '/') {
    const end = source.indexOf('>', at + 2)
    if (end === -1) return source.length
    const text = source.slice(at, Math.min(end + 1, at + 200))
    if (/^<!doctype/i.test(text)) listener.doctype(text, at)
    return end + 1
  }
  NAME.lastIndex = at + 1
  const name = NAME.exec(source)?.[0].toLowerCase()
  if (name === undefined) return at + 1
  const { attributes, end } = attributesOf(source, NAME.lastIndex)
  listener.element(name, attributes, at)
  if (!RAW_TEXT.has(name)) return end
  const close = new RegExp(`</${name}(?=[\\s/>]|$)`, 'gi')
  close.lastIndex = end
  const to = close.exec(source)?.index ?? source.length
  if (name === 'style') listener.style(end, to)
  return to
}

function attributesOf(source: string, from: number) {
  const attributes = new Map<string, { value: string; valueAt: number }>()
  let at = from
  for (;;) {
    ATTRIBUTE.lastIndex = at
    const match = ATTRIBUTE.exec(source)
    if (match === null) break
    const [, name = '', ...values] = match
    const which = values.findIndex(value => value !== undefined)
    const key = name.toLowerCase()
    // The first one of a name counts (HTML, section 13.2.5.33).
    if (!attributes.has(key))
      attributes.set(key, {
        value: values[which] ?? '',
        valueAt: match.indices?.[which + 2]?.[0] ?? match.index,
      })
    at = ATTRIBUTE.lastIndex
  }
  const end = source.indexOf('>', at)
  return { attributes, end: end === -1 ? source.length : end + 1 }
}
