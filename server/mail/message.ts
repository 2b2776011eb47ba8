import { bodyCharset, decoderOf, joinBodies, sortLeaves } from './bodies.ts'
import { digest } from './digest.ts'
import { oneLine, textValue } from './headers.ts'
import { defaultLimits, type Limits } from './limits.ts'
import { type Part, parseTree, withLineFeeds } from './mime.ts'
import { type Note, Notes } from './notes.ts'
import { decodeTransfer } from './transfer.ts'

export interface HeaderLine {
  /** As written. */
  name: string
  /** Unfolded and decoded; a line break smuggled in by an encoded word is a space. */
  value: string
  /** The whole field in latin1, a character for a byte, folds kept, without the final line break. */
  raw: string
}

interface DecodedPart {
  content: Buffer
  /** Without parameters, lower case. */
  contentType: string
  /** As declared, `''` if it is not. */
  charset: string
  filename: string
  contentId: string
}

export interface OpenMessage {
  tree: Part
  headers: HeaderLine[]
  notes: Note[]
  html(): string | undefined
  text(): string | undefined
  /** Undefined if there is no such part. */
  part(partId: string): DecodedPart | undefined
}

/** For a reader: everything is decoded when asked for. Never throws, whatever the bytes. */
export function openMessage(raw: Buffer, limits: Limits = defaultLimits): OpenMessage {
  const lines = withLineFeeds(raw)
  const tree = parseTree(lines, limits, new Notes())
  const bodies = sortLeaves(tree)
  let parts: Map<string, Part> | undefined
  return {
    tree,
    get headers() {
      const charset = bodyCharset(tree, bodies)
      return tree.fields.map(field => ({
        name: raw.toString('latin1', field.start, field.nameEnd),
        value: oneLine(textValue(lines, field, charset, limits)),
        raw: raw.toString('latin1', field.start, field.end),
      }))
    },
    get notes() {
      return digest(raw, limits).notes
    },
    html: () => joinBodies(raw, bodies.html),
    text: () => joinBodies(raw, bodies.text),
    part(partId) {
      parts ??= partsById(tree)
      const part = parts.get(partId)
      return (
        part && {
          content: decodeTransfer(raw, part.bodyStart, part.end, decoderOf(part)),
          contentType: part.type,
          charset: part.params.get('charset') ?? '',
          filename: part.filename,
          contentId: part.contentId,
        }
      )
    },
  }
}

function partsById(tree: Part): Map<string, Part> {
  const parts = new Map<string, Part>()
  const waiting = [tree]
  for (let part = waiting.pop(); part; part = waiting.pop()) {
    parts.set(part.id, part)
    for (const child of part.children) waiting.push(child)
  }
  return parts
}
