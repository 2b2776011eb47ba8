import type { BlocksDocument } from '../../../../blocks/document.ts'
import { renderBlocks } from '../../../../blocks/render.ts'
import { forFrame } from '../frame-html.ts'

/** What only the canvas shows: where something is still to come. Colours that are seen on any ground. */
const STYLE = `
html { overflow: hidden }
body { min-height: 100% }
[data-block] > td:empty, .ph-col tbody:empty, .ph-col table:empty { box-shadow: inset 0 0 0 1px #8888 }
[data-block] > td:empty::before, .ph-col table:empty::before {
  display: block; padding: 18px 12px; text-align: center; color: #767676; background: #8881;
  font: 13px/1.4 ui-sans-serif, system-ui, sans-serif; content: 'Nothing here yet';
}
.ph-col table:empty { display: block }
.editor-content {
  display: block; padding: 22px 16px; border: 1.5px dashed #8888; border-radius: 8px; text-align: center;
  color: inherit; font: 14px/1.4 ui-sans-serif, system-ui, sans-serif; opacity: .8;
}`

const CONTENT = '<span class="editor-content">The words of the campaign go here</span>'

/** The mail by the renderer that makes it, with the rows of blocks marked. */
export function canvasHtml(document: BlocksDocument, publicUrl: string): string {
  const mail = renderBlocks(document, { marked: true }).replaceAll(/\{\{\s*content\s*\}\}/gi, CONTENT)
  return forFrame(mail, publicUrl).html.replace('</head>', `<style>${STYLE}</style></head>`)
}
