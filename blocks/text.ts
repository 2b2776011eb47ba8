import { type Block, type BlocksDocument, SOCIAL_NETWORKS } from './document.ts'
import { inlineText, paragraphsText } from './inline.ts'

/** The same mail for readers of plain text. Merge tags are still in it, and `{{content}}` where there is a place for it. */
export function blocksText(document: BlocksDocument): string {
  const pieces = document.blocks.map(textOf).filter(text => text.trim() !== '')
  return `${pieces.join('\n\n')}\n`
}

function textOf(block: Block): string {
  switch (block.type) {
    case 'heading': {
      const text = inlineText(block.text)
      return block.level === 1 ? `${text}\n${'='.repeat(Math.min(text.length, 60))}` : text
    }
    case 'text':
      return paragraphsText(block.text)
    case 'image':
      return [block.alt, block.link].filter(Boolean).join('\n')
    case 'button':
      return `${inlineText(block.label)}: ${block.url}`
    case 'columns':
      return block.columns
        .flatMap(column => column.blocks.map(textOf))
        .filter(text => text.trim() !== '')
        .join('\n\n')
    case 'divider':
      return '-'.repeat(40)
    case 'social':
      return block.links
        .filter(({ url }) => url !== '')
        .map(({ network, label, url }) => `${label || SOCIAL_NETWORKS[network].name}: ${url}`)
        .join('\n')
    case 'spacer':
      return ''
    case 'html':
      return htmlText(block.html)
    case 'content':
      return '{{content}}'
    case 'footer':
      return [
        paragraphsText(block.text),
        block.address.trim(),
        [
          block.unsubscribe_label && `${block.unsubscribe_label}: {{unsubscribe_url}}`,
          block.webview_label && `${block.webview_label}: {{webview_url}}`,
        ]
          .filter(Boolean)
          .join('\n'),
      ]
        .filter(Boolean)
        .join('\n\n')
  }
}

/** The words alone: an author who wants more of them writes a text block. */
function htmlText(html: string): string {
  return html
    .replaceAll(/<!--[^]*?(?:-->|$)|<(style|script|head)\b[^]*?(?:<\/\1\s*>|$)/gi, '')
    .replaceAll(/<\/?(?:p|div|tr|li|h[1-6]|br|table|ul|ol|blockquote)\b[^<>]*>/gi, '\n')
    .replaceAll(/<[^<>]*>/g, '')
    .replaceAll(/&(amp|lt|gt|quot|nbsp|#39);/g, (_, name: string) => ENTITIES[name] ?? '')
    .replaceAll(/[ \t\u00a0]+/g, ' ')
    .replaceAll(/ ?\n ?/g, '\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ', '#39': "'" }
