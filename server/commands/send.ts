import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, extname } from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { Inbox } from '../catch/inboxes.ts'
import { createIngest } from '../catch/ingest.ts'
import { databaseLocation } from '../config.ts'
import { type Address, parseAddressList } from '../mail/address.ts'
import { composeMessage } from '../mail/compose.ts'
import { openMessage } from '../mail/message.ts'
import { openStorage } from '../storage/database.ts'
import { callersPath, type Command, CommandFailure, type Invocation, misused, textFlag } from './command.ts'
import { inboxNamed } from './inbox.ts'
import { print, printable } from './print.ts'

const PARTS = ['from', 'subject', 'text', 'html'] as const
const SEVERAL = ['to', 'attach'] as const

export const command: Command = {
  options: {
    inbox: { type: 'string' },
    ...Object.fromEntries(PARTS.map(name => [name, { type: 'string' as const }])),
    ...Object.fromEntries(SEVERAL.map(name => [name, { type: 'string' as const, multiple: true }])),
  },
  usage: [
    'send --inbox ID|NAME [--from A] [--to A …] [--subject S] [--text T] [--html H] [--attach FILE …]',
    'send --inbox ID|NAME FILE …',
    'send --inbox ID|NAME < message.eml',
  ],
  details:
    'Writes the message into the database itself, so it needs no running server; one that runs shows it at once.\n' +
    'A file or the standard input is a whole message and is kept byte for byte; only if it has no CRLF at all are its\n' +
    'line ends made CRLF.',
  // Not over SMTP: the same way in serves with and without a server, and whatever its ports and logins are.
  async run({ settings, flags, words }) {
    const wanted = textFlag(flags, 'inbox')
    if (wanted === undefined) throw misused('--inbox is missing; posthorn inbox list shows them')
    const messages = await messagesGiven(flags, words)
    const storage = await openStorage(
      databaseLocation(settings),
      new URL('../operations.ts', import.meta.url),
      () => {},
    )
    try {
      const inbox = await inboxNamed(storage.read, wanted)
      for (const raw of messages) refuse(inbox, raw)
      const ingest = createIngest(storage, [])
      for (const raw of messages) {
        const kept = await ingest(
          { inboxIds: [inbox.id], arrival: arrivalOf(raw), receivedAt: Date.now() },
          raw,
        )
        const [message] = kept.messages
        if (message === undefined) throw new CommandFailure('the inbox was deleted meanwhile')
        print(`message ${message.id} in inbox ${inbox.id} "${printable(inbox.name)}"`)
      }
    } finally {
      await storage.close()
    }
  },
}

async function messagesGiven(flags: Invocation['flags'], files: string[]): Promise<Buffer[]> {
  const composed = [...PARTS, ...SEVERAL].some(name => flags[name] !== undefined)
  if (composed && files.length > 0) throw misused('either files or --from, --to, --subject …, not both')
  if (composed) return [composedFrom(flags)]
  if (files.length > 0) return files.map(file => withLineEnds(readFileSync(callersPath(file))))
  if (process.stdin.isTTY)
    throw misused('what is to be sent? --subject and --text, a file, or a message on stdin')
  const raw = await buffer(process.stdin)
  if (raw.length === 0) throw misused('what is to be sent? there is nothing on stdin')
  return [withLineEnds(raw)]
}

function composedFrom(flags: Invocation['flags']): Buffer {
  const text = textFlag(flags, 'text')
  const html = textFlag(flags, 'html')
  const [from] = parseAddressList(textFlag(flags, 'from') ?? `posthorn@${hostname()}`)
  if (from === undefined) throw misused('--from holds no address')
  return composeMessage({
    from,
    to: several(flags, 'to').flatMap(addressesOf),
    subject: textFlag(flags, 'subject') ?? '',
    ...(text !== undefined && { text }),
    ...(html !== undefined && { html }),
    attachments: several(flags, 'attach').map(file => ({
      filename: basename(file),
      contentType: TYPES[extname(file).toLowerCase()] ?? 'application/octet-stream',
      content: readFileSync(callersPath(file)),
    })),
  })
}

function addressesOf(text: string): Address[] {
  const found = parseAddressList(text)
  if (found.length === 0 || found.some(({ address }) => address === ''))
    throw misused(`--to must hold addresses, not "${printable(text)}"`)
  return found
}

function several(flags: Invocation['flags'], name: (typeof SEVERAL)[number]): string[] {
  const given = flags[name]
  return Array.isArray(given) ? given : []
}

/** What files are usually attached; everything else is bytes. */
const TYPES: Record<string, string> = {
  '.csv': 'text/csv',
  '.gif': 'image/gif',
  '.html': 'text/html',
  '.ics': 'text/calendar',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.json': 'application/json',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.zip': 'application/zip',
}

/** A text file of this system; one CRLF anywhere, and the bytes are a message's own. */
function withLineEnds(raw: Buffer): Buffer {
  if (raw.includes('\r\n')) return raw
  return Buffer.from(raw.toString('latin1').replaceAll('\n', '\r\n'), 'latin1')
}

/** What the SMTP door would not take either. */
function refuse(inbox: Inbox, raw: Buffer): void {
  if (inbox.status !== 'active') throw new CommandFailure(`inbox ${inbox.id} is not active`)
  if (raw.length > inbox.max_message_size)
    throw new CommandFailure(`the message has ${raw.length} bytes, the inbox takes ${inbox.max_message_size}`)
}

/** There was no envelope: the header says who wrote to whom. */
function arrivalOf(raw: Buffer) {
  const { headers } = openMessage(raw)
  const addresses = (...names: string[]) =>
    headers
      .filter(header => names.includes(header.name.toLowerCase()))
      .flatMap(header => parseAddressList(header.value))
      .map(each => each.address)
      .filter(address => address !== '')
  return {
    source: 'import' as const,
    mail_from: addresses('from')[0] ?? '',
    rcpt_to: addresses('to', 'cc'),
    client_ip: '',
    helo: '',
    tls: null,
    login: null,
  }
}
