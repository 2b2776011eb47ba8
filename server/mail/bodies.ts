import { decodeCharset } from './charset.ts'
import type { Part } from './mime.ts'
import { decodeTransfer, type TransferDecoder, transferDecoder } from './transfer.ts'

/** The leaves that are read, in the order they are read, and those that are saved. */
export interface Bodies {
  text: Part[]
  html: Part[]
  attachments: Part[]
}

/**
 * Sorts the leaves of a message. A text/plain or text/html leaf is read, unless it has a filename or is an
 * attachment by its disposition; everything else is saved, an attached message as a whole. Texts in a row
 * are read one after the other; of a multipart/alternative the last of each kind counts (RFC 2046 section 5.1.4).
 */
export function sortLeaves(root: Part): Bodies {
  const bodies: Bodies = { text: [], html: [], attachments: [] }
  sortInto(bodies, root, true)
  return bodies
}

function sortInto(bodies: Bodies, part: Part, isRoot: boolean): void {
  if (part.kind !== 'multipart') {
    const readable = part.type === 'text/plain' || part.type === 'text/html'
    // The message itself may be named by its sender; that alone does not hide its text.
    if (!readable || part.disposition === 'attachment' || (part.filename !== '' && !isRoot))
      bodies.attachments.push(part)
    else if (part.type === 'text/html') bodies.html.push(part)
    else bodies.text.push(part)
    return
  }
  if (part.type !== 'multipart/alternative') {
    for (const child of part.children) sortInto(bodies, child, false)
    return
  }
  let text: Part[] = []
  let html: Part[] = []
  for (const child of part.children) {
    const branch: Bodies = { text: [], html: [], attachments: bodies.attachments }
    sortInto(branch, child, false)
    if (branch.text.length > 0) text = branch.text
    if (branch.html.length > 0) html = branch.html
  }
  bodies.text.push(...text)
  bodies.html.push(...html)
}

/** Raw bytes above ASCII in the header are most likely in the charset of the text. */
export function bodyCharset(tree: Part, bodies: Bodies): string {
  return (
    tree.params.get('charset') ??
    bodies.text[0]?.params.get('charset') ??
    bodies.html[0]?.params.get('charset') ??
    ''
  ).toLowerCase()
}

export function joinBodies(raw: Buffer, parts: Part[]): string | undefined {
  if (parts.length === 0) return undefined
  return parts
    .map(part =>
      decodeCharset(decodeTransfer(raw, part.bodyStart, part.end, decoderOf(part)), charsetOf(part)),
    )
    .join('\n')
}

export function charsetOf(part: Part): string {
  return part.params.get('charset')?.toLowerCase() ?? ''
}

export function decoderOf(part: Part): TransferDecoder {
  return transferDecoder(part.encoding) ?? 'identity'
}
