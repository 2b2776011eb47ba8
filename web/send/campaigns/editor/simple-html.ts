/** What the plain editor can write, and nothing else. */
const KEPT: Record<string, readonly string[]> = {
  P: [],
  BR: [],
  STRONG: [],
  B: [],
  EM: [],
  I: [],
  U: [],
  S: [],
  H1: [],
  H2: [],
  H3: [],
  UL: [],
  OL: [],
  LI: [],
  BLOCKQUOTE: [],
  HR: [],
  A: ['href'],
  IMG: ['src', 'alt', 'width', 'height'],
}
const DROPPED =
  'script, style, iframe, object, embed, template, noscript, svg, math, head, title, meta, link, form, textarea, select'
/** Addresses that lead somewhere; a merge tag is one, too. */
const HREF = /^(https?:|mailto:|tel:|#|\{\{)/i
const SRC = /^(https?:|cid:|data:image\/(png|jpe?g|gif|webp);|\/media\/|\{\{)/i

/** Less whatever the plain editor cannot hold; its words stay. What is drawn in our own page is drawn of this alone. */
export function simplified(html: string): string {
  const body = parsed(html)
  for (const element of body.querySelectorAll(DROPPED)) element.remove()
  clean(body)
  return body.innerHTML
}

/** Whether the plain editor would leave it as it is. */
export function isSimple(html: string): boolean {
  // Liquid has signs of its own that an editor of text would write as entities.
  return !/\{%|<!|<\?/.test(html) && parsed(html).innerHTML === simplified(html)
}

function parsed(html: string): HTMLElement {
  return new DOMParser().parseFromString(`<body>${html}`, 'text/html').body
}

function clean(parent: Element): void {
  for (const child of Array.from(parent.childNodes)) {
    if (child.nodeType === Node.TEXT_NODE) continue
    if (!(child.nodeType === Node.ELEMENT_NODE)) {
      child.remove()
      continue
    }
    const element = child as Element
    clean(element)
    const attributes = KEPT[element.tagName]
    if (!attributes) {
      element.replaceWith(...inParagraph(element))
      continue
    }
    for (const name of element.getAttributeNames()) {
      const value = element.getAttribute(name) ?? ''
      const fits =
        attributes.includes(name) &&
        (name === 'href' ? HREF.test(value.trim()) : name === 'src' ? SRC.test(value.trim()) : true)
      if (!fits) element.removeAttribute(name)
    }
    if (element.tagName === 'IMG' && !element.hasAttribute('src')) element.remove()
  }
}

/** What editors and word processors put around a line is a paragraph here. */
function inParagraph(element: Element): Node[] {
  const inside = [...element.childNodes]
  const isLine =
    element.tagName === 'DIV' &&
    inside.length > 0 &&
    !element.querySelector('p, ul, ol, h1, h2, h3, blockquote, hr')
  if (!isLine) return inside
  const paragraph = element.ownerDocument.createElement('p')
  paragraph.append(...inside)
  return [paragraph]
}
