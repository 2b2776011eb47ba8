import { randomBytes } from 'node:crypto'
import { newDocument } from '../../../blocks/document.ts'
import { MERGE_TAG } from '../../../blocks/escape.ts'
import { renderBlocks } from '../../../blocks/render.ts'
import type { Compiled } from './compiler.ts'

const STYLE = `
.md h1{margin:0 0 16px;font-size:28px;line-height:1.25}.md h2{margin:28px 0 12px;font-size:22px;line-height:1.25}
.md h3,.md h4,.md h5,.md h6{margin:24px 0 8px;font-size:18px;line-height:1.25}
.md p,.md ul,.md ol,.md blockquote,.md pre,.md table{margin:0 0 16px}.md ul,.md ol{padding-left:24px}
.md blockquote{padding:0 0 0 16px;border-left:3px solid #9ca3af}
.md pre,.md code{font-family:'Courier New',Courier,monospace;font-size:14px;background-color:#f3f4f6;color:#1f2937}
.md pre{padding:12px;white-space:pre-wrap}.md table{border-collapse:collapse}
.md th,.md td{border:1px solid #9ca3af;padding:6px 10px}.md th:not([align]){text-align:left}
.md hr{border:0;border-top:1px solid #9ca3af;margin:24px 0}.md img{max-width:100%;height:auto}
.md a{color:#1d4ed8}`

/** Markdown with GitHub's tables, in the plain layout of a new mail. HTML in it is the author's own. */
export async function compileMarkdown(source: string): Promise<Compiled> {
  const { marked } = await import('marked')
  const { default: juice } = await import('juice')
  // Out of the way while Markdown is read: it would encode them in addresses, and see marks in them.
  const tags: string[] = []
  const stem = `tag${randomBytes(6).toString('hex')}n`
  const hidden = source.replace(new RegExp(MERGE_TAG, 'g'), tag => `${stem}${tags.push(tag) - 1}e`)
  const body = await marked.parse(hidden, { gfm: true })
  const shown = body
    // What stands alone in its line is no paragraph: the campaign's content, an `if`.
    .replace(new RegExp(`<p>(${stem}\\d+e)</p>`, 'g'), '$1')
    .replaceAll('<a href', '<a class="ph-link" href')
    .replaceAll('<table>', '<table class="md-table">')
  const page = renderBlocks({
    ...newDocument(),
    blocks: [
      {
        type: 'content',
        id: 'md',
        space_above: 24,
        space_below: 24,
        background: '',
      },
    ],
  }).replace('{{content}}', () => `<div class="md">${shown}</div>`)
  // It takes the mark off that keeps the layout's own rules where they are; the next who inlines looks for it too.
  const content = juice(page, { extraCss: STYLE }).replace('\n<style>', '\n<style data-embed>')
  return {
    content: content.replace(new RegExp(`${stem}(\\d+)e`, 'g'), (_, i: string) => tags[Number(i)] ?? ''),
    text: null,
    faults: [],
  }
}
