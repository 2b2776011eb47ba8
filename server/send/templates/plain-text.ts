import { createRequire } from 'node:module'

const load = createRequire(import.meta.url)
let library: typeof import('html-to-text') | undefined

/** What HTML says, for whoever reads plain text. The library is loaded when it is needed: most threads never do. */
export function textFromHtml(html: string): string {
  library ??= load('html-to-text') as typeof import('html-to-text')
  return library
    .convert(html, {
      wordwrap: false,
      limits: { maxInputLength: 4_000_000, maxDepth: 200, maxChildNodes: 20_000, ellipsis: '…' },
      selectors: [
        { selector: 'img', format: 'skip' },
        { selector: '[style*="display:none"]', format: 'skip' },
        { selector: '[style*="display: none"]', format: 'skip' },
        // Of Markdown: other tables are there for the layout.
        { selector: 'table.md-table', format: 'dataTable', options: { uppercaseHeaderCells: false } },
        { selector: 'a', options: { hideLinkHrefIfSameAsText: true, linkBrackets: ['(', ')'] } },
        ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map(selector => ({
          selector,
          options: { uppercase: false },
        })),
      ],
    })
    .trim()
}
