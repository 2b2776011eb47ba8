import { randomBytes } from 'node:crypto'
import { DkimSigner } from '../../mail/dkim.ts'
import { messageIdOf } from '../deliveries/message-id.ts'
import { publicToken } from '../feedback/public-token.ts'
import { oneLine, vocabularyOf } from '../templates/merge-tags.ts'
import type { MailParts, OutgoingMail, WayOut } from '../ways-out/way-out.ts'
import { Assembly, type Atom } from './assembly.ts'
import { BodyAtoms } from './body-atoms.ts'
import { type Content, LiquidMail } from './liquid-mail.ts'
import { type HeaderContext, MailHeader, nameOf } from './mail-header.ts'
import { mailboxToken, mailPages, TEST_TOKEN } from './mail-pages.ts'
import { mimeSkeleton } from './mime-skeleton.ts'
import type { MailRecipient, Program, ProgramSetting } from './program.ts'
import { RenderFault } from './render-fault.ts'

export interface Rendered {
  /** With CRLF line ends; no line begins with a dot. */
  bytes: Buffer
  subject: string
  reversePath: string
  /** With angle brackets. */
  messageId: string
}

export type RenderedParts = Omit<Rendered, 'bytes'> & { parts: MailParts }

/**
 * What it is for: `mail` goes to the recipient; a `test` is marked in its subject, and its links do nothing; neither do
 * those of a `preview`; a `view` is what a browser shows of a mail, with nothing in it that counts.
 */
export type MailPurpose = 'mail' | 'test' | 'preview' | 'view'

/** Of one mail. */
interface Context extends HeaderContext {
  person: MailRecipient
  /** Rendered already; of merge tags null. */
  content: Content | null
}

/** Nobody takes more: SES 40 MB, most others 25 to 50. */
const MAX_BYTES = 50_000_000
const TOKEN_LENGTH = 20
const NO_BYTES = Buffer.alloc(0)

/** Makes the mails of one campaign, one recipient after the other, from what was taken apart once. */
export class Renderer {
  readonly #program: Program
  readonly #setting: ProgramSetting
  readonly #purpose: MailPurpose
  /** Of a mail that is of no delivery; else null. */
  readonly #token: string | null
  readonly #isAscii: boolean
  readonly #header: MailHeader
  readonly #signer: DkimSigner | null
  readonly #liquid: LiquidMail | null
  readonly #subject: Assembly<Context>
  readonly #html: Assembly<Context>
  readonly #text: Assembly<Context>
  readonly #message: Assembly<Context>

  constructor(program: Program, setting: ProgramSetting, purpose: MailPurpose = 'mail') {
    const { body, fields, locale } = program
    const pages = mailPages(setting.publicUrl)
    const isCounted = purpose === 'mail' || purpose === 'test'
    const atoms = new BodyAtoms({
      pages,
      tokenKey: setting.tokenKey,
      words: vocabularyOf(fields, locale),
      opensTracked: program.opensTracked && isCounted,
      clicksTracked: program.clicksTracked && isCounted,
      locale,
    })
    this.#program = program
    this.#setting = setting
    this.#purpose = purpose
    this.#token = purpose === 'test' || purpose === 'preview' ? TEST_TOKEN : null
    const { publicUrl, bounceDomain } = setting
    this.#isAscii = [program.fromEmail, program.replyTo, publicUrl, bounceDomain ?? ''].every(isAscii)
    this.#header = new MailHeader(program, setting, pages)
    this.#signer = setting.dkim === null ? null : new DkimSigner(setting.dkim)
    this.#liquid = body.language === 'liquid' ? new LiquidMail(body, atoms, pages) : null
    const html: Atom<Context>[] =
      body.language === 'tags'
        ? atoms.html(body.html, body.hasWayOut)
        : [({ content }) => content?.html ?? '']
    const text: Atom<Context>[] =
      body.language === 'tags' ? atoms.plain(body.text) : [({ content }) => content?.text ?? '']
    this.#subject = Assembly.of<Context>(
      body.language === 'tags' ? atoms.text(body.subject) : [({ content }) => content?.subject ?? ''],
    )
    this.#html = Assembly.of(html)
    this.#text = Assembly.of(text)
    this.#message = Assembly.of<Context>(this.#header.atoms())
    for (const part of mimeSkeleton(program.attachments))
      if (typeof part === 'string') this.#message.add(part)
      else this.#message.addEncoded(part.body === 'html' ? html : text, this.#token?.length ?? TOKEN_LENGTH)
  }

  /** A promise only if the mail is signed. @throws RenderFault, or rejects with it */
  bytes(recipient: MailRecipient): Rendered | Promise<Rendered> {
    const context = this.#context(recipient)
    const message = this.#message.text(context)
    if (message.length > MAX_BYTES) throw new RenderFault(`The mail would have ${message.length} bytes`)
    // Only addresses can bring characters that are not of ASCII (RFC 6532).
    const bytes = Buffer.from(message, this.#isAscii && isAscii(recipient.email) ? 'latin1' : 'utf8')
    const { messageId, subject } = context
    const rendered = { bytes, subject, reversePath: this.#reversePath(context), messageId }
    if (this.#signer === null) return rendered
    return this.#signer
      .sign(bytes)
      .then(signatures => ({ ...rendered, bytes: Buffer.concat([signatures, bytes]) }))
  }

  /** For providers that compose by themselves. @throws RenderFault */
  parts(recipient: MailRecipient): RenderedParts {
    const context = this.#context(recipient)
    const { fromName, fromEmail, replyTo, attachments } = this.#program
    const { subject, messageId } = context
    const parts = {
      from: { name: fromName, email: fromEmail },
      replyTo: replyTo === '' ? null : replyTo,
      to: { name: nameOf(recipient), email: recipient.email },
      subject,
      html: this.#html.text(context),
      text: this.#text.text(context),
      headers: this.#header.further(context),
      attachments,
    }
    return { parts, subject, reversePath: this.#reversePath(context), messageId }
  }

  /** As a way out takes it. @throws RenderFault */
  async mail(
    recipient: MailRecipient,
    takes: WayOut['takes'],
  ): Promise<{ mail: OutgoingMail; subject: string }> {
    const made = takes === 'bytes' ? await this.bytes(recipient) : this.parts(recipient)
    const { subject, reversePath, messageId } = made
    const mail = {
      reversePath,
      forwardPath: recipient.email,
      idempotencyKey: messageId.slice(1, -1),
      bytes: 'bytes' in made ? made.bytes : NO_BYTES,
      parts: 'parts' in made ? made.parts : undefined,
    }
    return { mail, subject }
  }

  /** @throws RenderFault */
  #context(person: MailRecipient): Context {
    if (!ADDRESS.test(person.email)) throw new RenderFault('This is not an address that mail can be sent to')
    const { tokenKey } = this.#setting
    const token = this.#token ?? publicToken(tokenKey, person.delivery_id)
    const context: Context = { token, person, content: null, subject: '', messageId: this.#messageId(person) }
    if (this.#liquid !== null) context.content = this.#liquid.content(context)
    const subject = oneLine(this.#subject.text(context))
    context.subject = this.#purpose === 'test' ? `[Test] ${subject}` : subject
    return context
  }

  #messageId({ delivery_id }: MailRecipient): string {
    const { campaignId, fromEmail } = this.#program
    const id = messageIdOf(this.#setting.tokenKey, { id: delivery_id, campaign_id: campaignId }, fromEmail)
    // Of tests there are many for one campaign, and mail programs show a Message-ID once.
    return this.#token === null ? id : id.replace(/^[^@]*/, `<test.${randomBytes(8).toString('hex')}`)
  }

  /** With a domain for bounces they say by themselves whose they are (VERP). */
  #reversePath({ token }: Context): string {
    const { bounceDomain } = this.#setting
    return bounceDomain === null || this.#token !== null
      ? this.#program.fromEmail
      : `b-${mailboxToken(token)}@${bounceDomain}`
  }
}

/** Nothing that could end a command or a field early. */
// oxlint-disable-next-line no-control-regex
const ADDRESS = /^[^\s<>\u0000-\u001f\u007f]+@[^\s<>@\u0000-\u001f\u007f]+$/

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false
  return true
}
