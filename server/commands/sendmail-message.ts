import { randomBytes } from 'node:crypto'
import { parseAddressList } from '../mail/address.ts'
import { encodeAddresses, headerField } from '../mail/encode-header.ts'

interface Field {
  /** Lower case. */
  name: string
  /** In latin1, folds and the last line break included. */
  text: string
}

/** What a program has written to sendmail: latin1 stands for bytes, lines end with CRLF. */
export interface Submission {
  fields: Field[]
  body: string
}

/**
 * Takes the text apart as sendmail does: lines may end with LF or CRLF, a first line of an mbox (`From ada …`) is
 * passed over, and where the header stops without an empty line the body begins all the same.
 * @param dotEnds whether a dot alone on a line is the end (not with -i)
 */
export function readSubmission(bytes: Buffer, dotEnds: boolean): Submission {
  // A CR elsewhere is the program's own mistake, and there to be found.
  let lines = bytes.toString('latin1').split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  const dot = dotEnds ? lines.indexOf('.') : -1
  if (dot >= 0) lines = lines.slice(0, dot)
  let at = lines[0]?.startsWith('From ') ? 1 : 0
  const fields: Field[] = []
  for (; at < lines.length; at++) {
    const line = lines[at] ?? ''
    const last = fields.at(-1)
    const name = /^([!-9;-~]+)[ \t]*:/.exec(line)?.[1]
    if (/^[ \t]/.test(line) && last) last.text += `${line}\r\n`
    else if (name !== undefined) fields.push({ name: name.toLowerCase(), text: `${line}\r\n` })
    else break
  }
  if (lines[at] === '') at++
  return {
    fields,
    body: lines
      .slice(at)
      .map(line => `${line}\r\n`)
      .join(''),
  }
}

/**
 * -t: whom the header names, and the header without the blind ones. A message that is being sent on
 * (RFC 5322 section 3.6.6) goes to whom its Resent fields name.
 */
export function takeRecipients(submission: Submission): string[] {
  const resent = submission.fields.some(({ name }) => /^resent-(to|cc|bcc)$/.test(name))
  const wanted = resent ? /^resent-(to|cc|bcc)$/ : /^(to|cc|bcc)$/
  const found = submission.fields
    .filter(({ name }) => wanted.test(name))
    .flatMap(({ text }) => parseAddressList(valueOf(text)))
    .map(({ address }) => address)
  submission.fields = submission.fields.filter(({ name }) => !/^(resent-)?bcc$/.test(name))
  return found
}

/** Adds what a message must have and programs leave to sendmail: From, Date (RFC 5322 section 3.6), Message-ID. */
export function complete(
  submission: Submission,
  from: { name: string; address: string },
  host: string,
): void {
  const missing = (name: string) => submission.fields.every(field => field.name !== name)
  const add = (name: string, value: string) =>
    submission.fields.push({ name: name.toLowerCase(), text: headerField(name, value) })
  if (missing('from')) add('From', encodeAddresses([from], false))
  if (missing('date')) add('Date', new Date().toUTCString().replace('GMT', '+0000'))
  if (missing('message-id')) add('Message-ID', `<${randomBytes(16).toString('hex')}@${host}>`)
}

export function bytesOf({ fields, body }: Submission): Buffer {
  return Buffer.from(`${fields.map(field => field.text).join('')}\r\n${body}`, 'latin1')
}

/** UTF-8 in addresses (RFC 6532) is read as such. */
function valueOf(text: string): string {
  const value = text.slice(text.indexOf(':') + 1).replaceAll(/\r\n(?=[ \t])/g, '')
  return Buffer.from(value, 'latin1').toString()
}
