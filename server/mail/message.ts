import type { Address } from './address.ts'
import type { Note } from './notes.ts'

export interface AttachmentDigest {
  /** Position in the tree of parts, like `2` or `1.2`; `0` is the message itself. */
  partId: string
  /** Decoded, without any folder; `''` if the part has no name. */
  filename: string
  type: 'attachment' | 'inline'
  /** Without parameters, lower case. */
  contentType: string
  /** Without angle brackets, `''` if none. */
  contentId: string
  /** `base64`, `quoted-printable`, `7bit` …, `''` if none is declared. */
  transferEncoding: string
  /** Decoded bytes. */
  size: number
}

/** What lists, search and attachment rows need of a message. No string holds NUL, CR or LF but `text`, which holds no NUL. */
export interface Digest {
  subject: string
  from: Address
  to: Address[]
  cc: Address[]
  /** False if there is no To field at all. */
  hasTo: boolean
  /** Milliseconds since 1970; undefined if absent or unreadable. */
  date: number | undefined
  /** Without angle brackets, `''` if none. */
  messageId: string
  /** Bytes of the decoded body in UTF-8, 0 if there is none. */
  htmlSize: number
  textSize: number
  /** For the search index: the text body, else the HTML without its tags, cut. */
  text: string
  attachments: AttachmentDigest[]
  notes: Note[]
}

export interface HeaderLine {
  /** As written. */
  name: string
  /** Unfolded and decoded. */
  value: string
  /** The bytes of the whole field in latin1, folds kept, without the final line break. */
  raw: string
}

export interface DecodedPart {
  content: Buffer
  contentType: string
  filename: string
  contentId: string
}

export interface OpenMessage {
  headers: HeaderLine[]
  notes: Note[]
  html(): string | undefined
  text(): string | undefined
  /** Undefined if there is no such part. */
  part(partId: string): DecodedPart | undefined
}

/** One pass at ingest. Never throws, whatever the bytes. */
export function digest(_raw: Buffer): Digest {
  return {
    subject: '',
    from: { name: '', address: '' },
    to: [],
    cc: [],
    hasTo: false,
    date: undefined,
    messageId: '',
    htmlSize: 0,
    textSize: 0,
    text: '',
    attachments: [],
    notes: [],
  }
}

/** For a reader: everything is decoded when asked for. Never throws, whatever the bytes. */
export function openMessage(_raw: Buffer): OpenMessage {
  return { headers: [], notes: [], html: () => undefined, text: () => undefined, part: () => undefined }
}
