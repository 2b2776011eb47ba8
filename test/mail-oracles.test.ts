import { readdirSync, readFileSync } from 'node:fs'
import { type AddressObject, simpleParser } from 'mailparser'
import PostalMime, { type Address as PostalAddress } from 'postal-mime'
import { describe, expect, it } from 'vitest'
import { type Digest, digest } from '../server/mail/digest.ts'
import { openMessage } from '../server/mail/message.ts'

const folder = new URL('mail/', import.meta.url)
const names = readdirSync(folder).filter(name => name.endsWith('.eml'))

type Oracle = 'postal-mime' | 'mailparser'
type FieldName = 'subject' | 'from' | 'to' | 'text' | 'html' | 'attachments'
type Seen = Record<FieldName, unknown>

/** Where we read a message in another way than an oracle, and why we mean to. */
const reasons = {
  route: 'A source route is no part of the address (RFC 5321 appendix C), quotes are.',
  noboundary: 'Without a usable boundary the text is shown rather than nothing.',
  htmlonly: 'HTML is what the sender wrote as HTML: no text is turned into it, nothing is put between.',
  trailing: 'RFC 2046 section 5.1.1 allows white space after a boundary, the closing one too.',
  guess: 'Undeclared or unknown: UTF-8 if the bytes are that, else windows-1252.',
  utf7: 'UTF-7 is decoded.',
  utf16: 'A byte order mark decides (RFC 2781 section 4.3).',
  badtype: 'RFC 2045 section 5.2: a Content-Type that cannot be read means text/plain.',
  split: 'Neighbouring encoded words are decoded together.',
  path: 'Folders, control characters and direction marks are taken out of filenames.',
  flowed: 'Texts are shown as they were sent; flowed lines stay lines.',
  raw8: '8-bit header bytes are read in the charset of the body.',
  postfix: 'A line that is no field ends the header, as with Postfix, and is not lost.',
  cr: 'A message without any LF has its lines end at CR.',
  nul: 'NUL cannot be stored in PostgreSQL and becomes a space.',
  paren: 'A parenthesis in the middle of an unquoted name belongs to it.',
  qp: 'RFC 2045 section 6.7 rule 3: white space before a line end goes, also after a soft break.',
  quotes: 'Encoded words quoted one by one are one name.',
  uu: 'uuencode is decoded.',
  report: 'Reports and messages inside are kept as attachments, whole.',
  first: 'Of a duplicated header the first counts.',
} as const

const deliberate: [message: string, oracle: Oracle, why: keyof typeof reasons, ...fields: FieldName[]][] = [
  ['addresses-obsolete', 'mailparser', 'route', 'to'],
  ['addresses-obsolete', 'postal-mime', 'route', 'to'],
  ['apple-mail', 'mailparser', 'htmlonly', 'html'],
  ['boundary-missing', 'mailparser', 'noboundary', 'text'],
  ['boundary-missing', 'postal-mime', 'noboundary', 'text'],
  ['boundary-never-seen', 'mailparser', 'noboundary', 'text'],
  ['boundary-never-seen', 'postal-mime', 'noboundary', 'text'],
  ['boundary-prefix', 'mailparser', 'htmlonly', 'html'],
  ['boundary-prefix', 'postal-mime', 'htmlonly', 'html'],
  ['boundary-trailing-space', 'mailparser', 'trailing', 'text'],
  ['boundary-trailing-space', 'postal-mime', 'trailing', 'text'],
  ['charset-ansi-x3110', 'mailparser', 'guess', 'text'],
  ['charset-none-latin1', 'mailparser', 'guess', 'text'],
  ['charset-none-latin1', 'postal-mime', 'guess', 'text'],
  ['charset-unicode-1-1-utf-7', 'postal-mime', 'utf7', 'text'],
  ['charset-unknown', 'postal-mime', 'guess', 'text'],
  ['charset-utf-16be-mark', 'mailparser', 'utf16', 'text'],
  ['charset-utf-16be-mark', 'postal-mime', 'utf16', 'text'],
  ['charset-utf-7', 'postal-mime', 'utf7', 'text'],
  ['content-type-invalid', 'mailparser', 'badtype', 'text', 'attachments'],
  ['content-type-invalid', 'postal-mime', 'badtype', 'text', 'attachments'],
  ['delivery-status', 'mailparser', 'report', 'text', 'attachments'],
  ['digest', 'mailparser', 'report', 'text', 'attachments'],
  ['encoded-word-split-character', 'postal-mime', 'split', 'subject'],
  ['filename-path-tricks', 'mailparser', 'path', 'attachments'],
  ['filename-path-tricks', 'postal-mime', 'path', 'attachments'],
  ['format-flowed', 'mailparser', 'flowed', 'text'],
  ['format-flowed', 'postal-mime', 'flowed', 'text'],
  ['forwarded-inline', 'mailparser', 'report', 'text', 'html', 'attachments'],
  ['header-8bit-koi8', 'mailparser', 'raw8', 'subject'],
  ['header-8bit-koi8', 'postal-mime', 'raw8', 'subject'],
  ['header-8bit-latin1', 'mailparser', 'raw8', 'subject', 'from'],
  ['header-8bit-latin1', 'postal-mime', 'raw8', 'subject', 'from'],
  ['header-junk-line', 'mailparser', 'postfix', 'text'],
  ['header-junk-line', 'postal-mime', 'postfix', 'text'],
  ['headers-duplicated', 'mailparser', 'first', 'subject', 'from'],
  ['line-ends-cr', 'mailparser', 'cr', 'subject', 'from', 'to', 'text'],
  ['line-ends-cr', 'postal-mime', 'cr', 'subject', 'from', 'to', 'text'],
  ['mailing-list-footer', 'mailparser', 'htmlonly', 'html'],
  ['mailing-list-footer', 'postal-mime', 'htmlonly', 'html'],
  ['no-header-at-all', 'mailparser', 'postfix', 'text'],
  ['no-header-at-all', 'postal-mime', 'postfix', 'text'],
  ['nul-bytes', 'mailparser', 'nul', 'subject'],
  ['nul-bytes', 'postal-mime', 'nul', 'subject'],
  ['parameters-unquoted-spaces', 'postal-mime', 'paren', 'attachments'],
  ['part-without-headers', 'mailparser', 'htmlonly', 'html'],
  ['part-without-headers', 'postal-mime', 'htmlonly', 'text', 'html'],
  ['quoted-printable-broken', 'postal-mime', 'qp', 'text'],
  ['rfc2047-in-parameter', 'postal-mime', 'quotes', 'attachments'],
  ['uuencoded', 'mailparser', 'uu', 'attachments'],
  ['uuencoded', 'postal-mime', 'uu', 'attachments'],
]

function view(addresses: { name?: string | undefined; address?: string | undefined }[]): string[] {
  return addresses.map(({ name, address }) => `${name ?? ''} <${address ?? ''}>`)
}

/** Line ends, empty lines between texts and the line break at the end are each parser's own business. */
function plain(text: string | undefined | false | null): string {
  return (text || '').replace(/\r\n?/g, '\n').replace(/\n+/g, '\n').trim()
}

function ownView(raw: Buffer, summary: Digest): Seen {
  const message = openMessage(raw)
  return {
    subject: summary.subject.replace(/\s+/g, ' '),
    from: view(summary.from.name || summary.from.address ? [summary.from] : []),
    to: view(summary.to),
    text: plain(message.text()),
    html: plain(message.html()),
    attachments: summary.attachments.map(({ partId, filename, contentType }) => ({
      filename,
      contentType,
      content: bytes(contentType, message.part(partId)?.content),
    })),
  }
}

/** A text attachment may keep or lose its last line break; postal-mime decodes calendars. */
function bytes(contentType: string, content: Uint8Array | undefined): string {
  const buffer = Buffer.from(content ?? [])
  const isText =
    contentType.startsWith('text/') || contentType.startsWith('message/') || contentType === 'application/ics'
  return isText
    ? plain(buffer.toString())
    : buffer.toString('latin1').replace(/\r\n?/g, '\n').replace(/\n+$/, '')
}

function postalAddresses(addresses: PostalAddress[]): string[] {
  return view(addresses.flatMap(address => address.group ?? [address]))
}

function mailparserAddresses(headers: AddressObject | AddressObject[] | undefined): string[] {
  return view(
    [headers ?? []].flat().flatMap(({ value }) => value.flatMap(address => address.group ?? [address])),
  )
}

async function postalView(raw: Buffer): Promise<Seen> {
  const email = await PostalMime.parse(raw, { forceRfc822Attachments: true })
  return {
    subject: (email.subject ?? '').replace(/\s+/g, ' '),
    from: postalAddresses(email.from ? [email.from] : []),
    to: postalAddresses(email.to ?? []),
    text: plain(email.text),
    html: plain(email.html),
    attachments: email.attachments.map(({ filename, mimeType, content }) => ({
      filename: filename ?? '',
      contentType: mimeType,
      content: bytes(mimeType, typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content)),
    })),
  }
}

async function mailparserView(raw: Buffer): Promise<Seen> {
  const email = await simpleParser(raw, {
    skipHtmlToText: true,
    skipTextToHtml: true,
    skipImageLinks: true,
    skipTextLinks: true,
    keepCidLinks: true,
  })
  return {
    subject: (email.subject ?? '').replace(/\s+/g, ' '),
    from: mailparserAddresses(email.from),
    to: mailparserAddresses(email.to),
    text: plain(email.text),
    html: plain(email.html),
    attachments: email.attachments.map(({ filename, contentType, content }) => ({
      filename: filename ?? '',
      contentType,
      content: bytes(contentType, content),
    })),
  }
}

const oracles: Record<Oracle, (raw: Buffer) => Promise<Seen>> = {
  'postal-mime': postalView,
  mailparser: mailparserView,
}

it('has a corpus', () => {
  expect(names.length).toBeGreaterThanOrEqual(60)
  const unknown = deliberate.filter(([message]) => !names.includes(`${message}.eml`))
  expect(unknown).toEqual([])
})

describe.each(Object.keys(oracles) as Oracle[])('the corpus as %s reads it', oracle => {
  it.each(names)('%s', async name => {
    const raw = readFileSync(new URL(name, folder))
    const ours = ownView(raw, digest(raw))
    const theirs = await oracles[oracle](raw)
    const meant = deliberate
      .filter(([message, of]) => `${message}.eml` === name && of === oracle)
      .flatMap(([, , , ...fields]) => fields)
    const differing = (Object.keys(ours) as FieldName[]).filter(
      field => JSON.stringify(ours[field]) !== JSON.stringify(theirs[field]),
    )
    const unexplained = differing.filter(field => !meant.includes(field))
    expect(pick(ours, unexplained)).toEqual(pick(theirs, unexplained))
    // A difference that is gone must leave the table.
    expect(meant.filter(field => !differing.includes(field))).toEqual([])
  })
})

function pick(seen: Seen, fields: FieldName[]): Partial<Seen> {
  return Object.fromEntries(fields.map(field => [field, seen[field]]))
}
