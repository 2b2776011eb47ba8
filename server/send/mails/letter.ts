import { domainToASCII } from 'node:url'
import { composeMessage } from '../../mail/compose.ts'
import { DkimSigner } from '../../mail/dkim.ts'
import { messageIdOf } from '../deliveries/message-id.ts'
import { transactionalContent, type TransactionalContent } from '../deliveries/transactional.ts'
import { publicToken } from '../feedback/public-token.ts'
import type { OutgoingMail, WayOut } from '../ways-out/way-out.ts'
import { mailboxToken } from './mail-pages.ts'
import type { DkimKey, ProgramSetting } from './program.ts'
import { RenderFault } from './render-fault.ts'

/** A mail by itself, as it is claimed. */
interface ClaimedLetter {
  id: number
  email: string
  /** JSON of TransactionalContent. */
  content: string | null
}

/**
 * Writes a mail by itself: what it says was merged when it was asked for.
 * @throws RenderFault
 */
export async function renderLetter(
  { id, email, content: json }: ClaimedLetter,
  setting: ProgramSetting,
  takes: WayOut['takes'],
): Promise<{ mail: OutgoingMail; subject: string }> {
  if (json === null) throw new RenderFault('What this mail says is not there any more')
  const content = transactionalContent(json)
  const { tokenKey, bounceDomain } = setting
  const fromDomain = domainToASCII(content.fromEmail.slice(content.fromEmail.lastIndexOf('@') + 1))
  const messageId = messageIdOf(tokenKey, { id, campaign_id: null }, content.fromEmail).slice(1, -1)
  const token = mailboxToken(publicToken(tokenKey, id))
  const headers = furtherFields(content)
  const mail: OutgoingMail = {
    reversePath: bounceDomain === null ? content.fromEmail : `b-${token}@${bounceDomain}`,
    forwardPath: email,
    idempotencyKey: messageId,
    bytes: Buffer.alloc(0),
    parts: undefined,
  }
  if (takes === 'bytes')
    mail.bytes = await signed(composed(content, email, messageId, headers), fromDomain, setting)
  else
    mail.parts = {
      from: { name: content.fromName, email: content.fromEmail },
      replyTo: content.replyTo === '' ? null : content.replyTo,
      to: { name: content.toName, email },
      subject: content.subject,
      html: content.html,
      text: content.text,
      headers: [['Message-ID', `<${messageId}>`], ...headers],
      attachments: content.attachments,
    }
  return { mail, subject: content.subject }
}

function composed(
  content: TransactionalContent,
  to: string,
  messageId: string,
  headers: [name: string, value: string][],
): Buffer {
  const { html, text, replyTo } = content
  try {
    return composeMessage({
      from: { name: content.fromName, address: content.fromEmail },
      to: [{ name: content.toName, address: to }],
      ...(replyTo !== '' && { replyTo: [{ name: '', address: replyTo }] }),
      subject: content.subject,
      messageId,
      headers: headers.map(([name, value]) => ({ name, value })),
      ...(text !== null && { text }),
      ...(html !== null && { html }),
      attachments: content.attachments.map(({ name, contentType, contentId, base64 }) => ({
        content: Buffer.from(base64, 'base64'),
        contentType,
        filename: name,
        ...(contentId !== null && { contentId }),
      })),
    })
  } catch (error) {
    if (error instanceof TypeError) throw new RenderFault(error.message, { cause: error })
    throw error
  }
}

/** What is ours to say, of the content and of the way. */
const OURS =
  /^(?:from|to|cc|bcc|sender|reply-to|subject|date|message-id|mime-version|content-.*|return-path|received|dkim-signature)$/i

function furtherFields({ headers }: TransactionalContent): [name: string, value: string][] {
  const given = headers
    .filter(([name]) => !OURS.test(name))
    .map(([name, value]) => [name, value] as [string, string])
  // RFC 3834, section 5: so that nobody's holiday answers it.
  if (!given.some(([name]) => name.toLowerCase() === 'auto-submitted'))
    given.push(['Auto-Submitted', 'auto-generated'])
  return given
}

const signers = new WeakMap<DkimKey, DkimSigner>()

/** By the keys of its domain, or of the nearest domain above. */
async function signed(
  bytes: Buffer,
  fromDomain: string,
  { dkim, letterKeys = [] }: ProgramSetting,
): Promise<Buffer> {
  const fitting = letterKeys.filter(({ domain }) => `.${fromDomain}`.endsWith(`.${domain}`))
  const key = fitting.toSorted((a, b) => b.domain.length - a.domain.length)[0] ?? dkim
  if (key === null) return bytes
  let signer = signers.get(key)
  if (signer === undefined) signers.set(key, (signer = new DkimSigner(key)))
  return Buffer.concat([await signer.sign(bytes), bytes])
}
