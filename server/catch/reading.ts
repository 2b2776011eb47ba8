import { type HeaderLine, openMessage } from '../mail/message.ts'

/** What a reader may want of a message; only that is decoded. */
export interface Wanted {
  headers?: boolean
  html?: boolean
  text?: boolean
  /** Id of one part. */
  part?: string
}

/** Plain data, because it may come from another thread. */
export interface Reading {
  headers: HeaderLine[]
  html: string | undefined
  text: string | undefined
  part: Uint8Array | undefined
}

export function readMessage(raw: Buffer, wanted: Wanted): Reading {
  const message = openMessage(raw)
  return {
    headers: wanted.headers ? message.headers : [],
    html: wanted.html ? message.html() : undefined,
    text: wanted.text ? message.text() : undefined,
    part: wanted.part === undefined ? undefined : message.part(wanted.part)?.content,
  }
}
