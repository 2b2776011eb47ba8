import { escapeText, escapeUrl } from './escape.ts'

/**
 * The small markup of text fields, a subset of Markdown: `**bold**`, `*italic*`, `~~struck~~`, `[label](address)`,
 * a backslash before a mark that is meant as it stands; a blank line between paragraphs, `- ` and `1. ` before
 * the items of lists. Whatever is no mark is text.
 */
type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'strong' | 'em' | 's'; inside: Inline[] }
  | { kind: 'link'; url: string; inside: Inline[] }
  | { kind: 'break' }

type Paragraph = { kind: 'p'; inside: Inline[] } | { kind: 'ul' | 'ol'; items: Inline[][] }

// In order: an escaped mark, a merge tag, a link, bold, struck, italic, the end of a line.
const MARK =
  /\\([\\*~[\]()\-.])|(\{\{[^\n{}]*\}\}|\{%[^\n{}%]*(?:%(?!\})[^\n{}%]*)*%\})|\[((?:[^[\]\n\\]|\\.)*)\]\(((?:\{\{[^\n{}]*\}\}|\{(?!\{)|[^\s(){]|\([^\s()]*\))*)\)|\*\*(?=\S)((?:[^*\n]|\*(?!\*))+)\*\*|~~(?=\S)([^~\n]+)~~|\*(?=[^\s*])([^*\n]+)\*|\n/g

const MAX_NESTING = 6

function readInline(text: string, depth = 0): Inline[] {
  const found: Inline[] = []
  const add = (piece: string) => {
    const last = found.at(-1)
    if (last?.kind === 'text') last.text += piece
    else if (piece !== '') found.push({ kind: 'text', text: piece })
  }
  let at = 0
  for (const match of text.matchAll(MARK)) {
    const [whole, escaped, tag, label, url, bold, struck, italic] = match
    add(text.slice(at, match.index))
    at = match.index + whole.length
    if (escaped !== undefined) add(escaped)
    else if (tag !== undefined) add(tag)
    else if (whole === '\n') found.push({ kind: 'break' })
    else if (depth >= MAX_NESTING) add(whole)
    else if (label !== undefined)
      found.push({ kind: 'link', url: url ?? '', inside: readInline(label, depth + 1) })
    else {
      const kind = bold !== undefined ? 'strong' : struck !== undefined ? 's' : 'em'
      found.push({ kind, inside: readInline(bold ?? struck ?? italic ?? '', depth + 1) })
    }
  }
  add(text.slice(at))
  return found
}

function readParagraphs(text: string): Paragraph[] {
  const found: Paragraph[] = []
  for (const chunk of text.replaceAll('\r', '').split(/\n[ \t]*\n/)) {
    let lines: string[] = []
    const close = () => {
      const paragraph = lines.join('\n').trim()
      if (paragraph !== '') found.push({ kind: 'p', inside: readInline(paragraph) })
      lines = []
    }
    let list: Extract<Paragraph, { items: unknown }> | undefined
    for (const line of chunk.split('\n')) {
      const item = /^\s*(?:([-*•])|\d{1,3}[.)])\s+(\S.*)$/.exec(line)
      if (item === null) {
        list = undefined
        lines.push(line.trim())
        continue
      }
      close()
      const kind = item[1] === undefined ? 'ol' : 'ul'
      if (list?.kind !== kind) found.push((list = { kind, items: [] }))
      list.items.push(readInline(item[2] ?? ''))
    }
    close()
  }
  return found
}

/** Attributes, as ` class="…" style="…"`. */
interface Looks {
  link: string
  /** Of paragraphs and lists but the last, which has no space below. */
  paragraph: string
  lastParagraph: string
}

/** One line or several, without paragraphs. */
export function inlineHtml(text: string, link: string): string {
  return htmlOf(readInline(text), link)
}

export function paragraphsHtml(text: string, looks: Looks): string {
  const paragraphs = readParagraphs(text)
  return paragraphs
    .map((each, i) => {
      const attributes = i === paragraphs.length - 1 ? looks.lastParagraph : looks.paragraph
      if (each.kind === 'p') return `<p${attributes}>${htmlOf(each.inside, looks.link)}</p>`
      const items = each.items.map(item => `<li>${htmlOf(item, looks.link)}</li>`).join('')
      return `<${each.kind}${attributes}>${items}</${each.kind}>`
    })
    .join('')
}

function htmlOf(nodes: Inline[], link: string): string {
  return nodes
    .map(node => {
      if (node.kind === 'text') return escapeText(node.text)
      if (node.kind === 'break') return '<br>'
      const inside = htmlOf(node.inside, link)
      if (node.kind !== 'link') return `<${node.kind}>${inside}</${node.kind}>`
      const url = escapeUrl(node.url)
      return url === '' ? inside : `<a href="${url}"${link}>${inside}</a>`
    })
    .join('')
}

/** The same for readers of plain text. */
export function paragraphsText(text: string): string {
  return readParagraphs(text)
    .map(each =>
      each.kind === 'p'
        ? textOf(each.inside)
        : each.items.map((item, i) => `${each.kind === 'ul' ? '-' : `${i + 1}.`} ${textOf(item)}`).join('\n'),
    )
    .join('\n\n')
}

export function inlineText(text: string): string {
  return textOf(readInline(text))
}

function textOf(nodes: Inline[]): string {
  return nodes
    .map(node => {
      if (node.kind === 'text') return node.text
      if (node.kind === 'break') return '\n'
      const inside = textOf(node.inside)
      if (node.kind !== 'link' || node.url === '' || node.url === inside) return inside
      return inside === '' ? node.url : `${inside} (${node.url.replace(/^mailto:/i, '')})`
    })
    .join('')
}
