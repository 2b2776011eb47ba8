import { domainToASCII } from 'node:url'
import { encodeAddresses, encodeText, headerField } from '../../mail/encode-header.ts'
import type { Atom } from './assembly.ts'
import { mailboxToken, type mailPages } from './mail-pages.ts'
import type { MailRecipient, Program, ProgramSetting } from './program.ts'

/** What the header of one mail is made of. */
export interface HeaderContext {
  token: string
  person: MailRecipient
  subject: string
  /** With angle brackets. */
  messageId: string
}

/** The fields of a campaign's mails; `Content-Type` follows. */
export class MailHeader {
  readonly #program: Program
  readonly #setting: ProgramSetting
  readonly #unsubscribe: string

  constructor(program: Program, setting: ProgramSetting, pages: ReturnType<typeof mailPages>) {
    this.#program = program
    this.#setting = setting
    this.#unsubscribe = pages.unsubscribe
  }

  atoms(): Atom<HeaderContext>[] {
    const { fromName, fromEmail, replyTo, campaignId, workspaceId } = this.#program
    return [
      headerField('From', encodeAddresses([{ name: fromName, address: fromEmail }], false)),
      ({ person }) => toField(nameOf(person), person.email),
      replyTo === '' ? '' : headerField('Reply-To', encodeAddresses([{ name: '', address: replyTo }], false)),
      ({ subject }) => subjectField(subject),
      () => dateField(),
      'Message-ID: ',
      ({ messageId }) => messageId,
      '\r\n',
      // Not folded, as RFC 8058 has them: some receivers read the first line only.
      ({ token }) => `List-Unsubscribe: ${this.#ways(token)}\r\nList-Unsubscribe-Post: ${ONE_CLICK}\r\n`,
      headerField('List-Id', this.#listId()),
      headerField('Feedback-ID', `${campaignId}:${workspaceId}:posthorn`),
      'MIME-Version: 1.0\r\n',
    ]
  }

  /** Those that nobody who composes by himself writes. */
  further(context: HeaderContext): [name: string, value: string][] {
    const { campaignId, workspaceId } = this.#program
    return [
      ['Message-ID', context.messageId],
      ['List-Unsubscribe', this.#ways(context.token)],
      ['List-Unsubscribe-Post', ONE_CLICK],
      ['List-Id', this.#listId()],
      ['Feedback-ID', `${campaignId}:${workspaceId}:posthorn`],
    ]
  }

  /** RFC 2369, section 3.2. */
  #ways(token: string): string {
    const { bounceDomain } = this.#setting
    const mailto = bounceDomain === null ? '' : `, <mailto:u-${mailboxToken(token)}@${bounceDomain}>`
    return `<${this.#unsubscribe}${token}>${mailto}`
  }

  /** RFC 2919: the same whatever is sent to these people, and in a domain of whoever runs the list. */
  #listId(): string {
    const { hostname } = new URL(this.#setting.publicUrl)
    // An address is no domain; section 3 keeps `localhost` for lists without one.
    const domain = /^[\d.]+$|:/.test(hostname) ? 'localhost' : domainToASCII(hostname)
    const id = `workspace-${this.#program.workspaceId}.${domain}`
    const name = this.#setting.listName.trim()
    return name === '' ? `<${id}>` : encodeAddresses([{ name, address: id }], false)
  }
}

const ONE_CLICK = 'List-Unsubscribe=One-Click'

/** What needs no encoding is most of it, and the rest takes twenty times as long. */
function subjectField(subject: string): string {
  if (subject.length <= 60 && /^[\x20-\x7e]*$/.test(subject) && !subject.includes('=?'))
    return `Subject: ${subject}\r\n`
  return headerField('Subject', encodeText(subject, false))
}

function toField(name: string, address: string): string {
  if (name.length + address.length <= 60 && PHRASE.test(name) && MAILBOX.test(address))
    return name === '' ? `To: ${address}\r\n` : `To: ${name} <${address}>\r\n`
  return headerField('To', encodeAddresses([{ name, address }], false))
}

/** Atoms with single blanks, and a dot-atom in a domain of letters (RFC 5322, section 3.4), to be written as they are. */
const PHRASE = /^(?:[\w'+-]+(?: [\w'+-]+)*)?$/
const MAILBOX = /^[\w+-]+(?:\.[\w+-]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*$/

let second = 0
let field = ''

function dateField(): string {
  const now = Math.floor(Date.now() / 1000)
  if (now !== second) {
    second = now
    field = `Date: ${new Date(now * 1000).toUTCString().replace('GMT', '+0000')}\r\n`
  }
  return field
}

export function nameOf({ first_name, last_name }: MailRecipient): string {
  if (first_name === null || last_name === null) return (first_name ?? last_name ?? '').trim()
  return `${first_name} ${last_name}`.trim()
}
