import type { Address } from '../../../mail/address.ts'
import type { Draft } from '../../../mail/compose.ts'
import type { Arrival } from '../../arrival.ts'
import { attachmentsIn } from './mail-attachments.ts'
import { addressesIn, addressIn, Faults, isObject, objectIn, textIn } from './mail-fields.ts'

/** A mail that was asked for, ready to be written. */
export interface RequestedMail {
  draft: Draft
  mailFrom: string
  /** To, Cc and Bcc, each once. */
  recipients: string[]
  template: Arrival['template']
}

type Fields = Record<string, unknown>

const MAX_CATEGORY = 255
const MAX_CUSTOM_VARIABLES = 1000
/** They are sent along with every message of a list. */
const MAX_TEMPLATE_VARIABLES = 64 << 10

/** What the other fields of the request say, or the server itself. */
const RESERVED = new Set([
  'from',
  'to',
  'cc',
  'bcc',
  'reply-to',
  'subject',
  'date',
  'mime-version',
  'content-type',
  'received',
  'return-path',
  'dkim-signature',
  'x-mt-category',
  'x-mt-custom-variables',
])

/**
 * The JSON of a mail (contract, section 13).
 * @returns a list: what is wrong with it
 */
export function readMail(body: unknown): RequestedMail | string[] {
  if (!isObject(body)) return ['Bad Request']
  const faults = new Faults()
  const from = addressIn(body, 'from', faults)
  if (absent(body, 'from')) faults.add("'from' is required")
  const to = addressesIn(body, 'to', faults)
  const cc = addressesIn(body, 'cc', faults)
  const bcc = addressesIn(body, 'bcc', faults)
  if ([body.to, body.cc, body.bcc].every(isEmpty)) faults.add("'to', 'cc' or 'bcc' address is required")
  const replyTo = Array.isArray(body.reply_to)
    ? addressesIn(body, 'reply_to', faults)
    : [addressIn(body, 'reply_to', faults)].filter(each => each !== undefined)
  const template = templateIn(body, faults)
  const content = template ? placeholderOf(template) : contentIn(body, faults)
  const attachments = attachmentsIn(body, faults)
  const headers = headersIn(body, faults)
  const marks = marksIn(body, faults)
  if (from === undefined || faults.all.length > 0) return faults.all
  const everybody = [from, ...to, ...cc, ...replyTo]
  return {
    draft: {
      from,
      to,
      cc,
      replyTo,
      ...content,
      attachments,
      headers: [...headers.others, ...marks],
      ...(headers.messageId !== undefined && { messageId: headers.messageId }),
      utf8: everybody.some(needsUtf8),
    },
    mailFrom: from.address,
    recipients: [...new Set([...to, ...cc, ...bcc].map(({ address }) => address))],
    template,
  }
}

function absent(body: Fields, name: string): boolean {
  return body[name] === undefined || body[name] === null
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0)
}

/** A domain can be written in ASCII, a local part cannot (RFC 6532). */
function needsUtf8({ address }: Address): boolean {
  return /[^\x00-\x7f]/.test(address.slice(0, address.lastIndexOf('@')))
}

function contentIn(body: Fields, faults: Faults): Pick<Draft, 'subject' | 'text' | 'html'> {
  const subject = textIn(body, 'subject', faults)
  if (subject === undefined) faults.add("'subject' is required")
  const text = textIn(body, 'text', faults)
  const html = textIn(body, 'html', faults)
  if (text === undefined && html === undefined) faults.add('must specify either text or html body')
  return {
    ...(subject !== undefined && { subject }),
    ...(text !== undefined && { text }),
    ...(html !== undefined && { html }),
  }
}

function templateIn(body: Fields, faults: Faults): Arrival['template'] {
  const uuid = textIn(body, 'template_uuid', faults)
  if (uuid === undefined) return undefined
  if (!/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(uuid)) faults.add("'template_uuid' is invalid")
  for (const name of ['subject', 'text', 'html', 'category'])
    if (!absent(body, name)) faults.add(`'${name}' is not allowed with 'template_uuid'`)
  const variables = objectIn(body, 'template_variables', faults) ?? null
  if (Buffer.byteLength(JSON.stringify(variables)) > MAX_TEMPLATE_VARIABLES)
    faults.add(`'template_variables' is too long (maximum is ${MAX_TEMPLATE_VARIABLES} bytes)`)
  return { uuid, variables }
}

/** Templates are kept by whoever sends in the end. Here is shown what was asked of them. */
function placeholderOf({
  uuid,
  variables,
}: NonNullable<Arrival['template']>): Pick<Draft, 'subject' | 'text'> {
  const said = variables === null ? 'none' : `\n\n${JSON.stringify(variables, null, 2)}`
  return {
    subject: `Template ${uuid}`,
    text: `This mail is made from a template, which is not kept here.\n\nTemplate: ${uuid}\nVariables: ${said}\n`,
  }
}

function headersIn(
  body: Fields,
  faults: Faults,
): { others: { name: string; value: string }[]; messageId?: string } {
  const given = Object.entries(objectIn(body, 'headers', faults) ?? {})
  const others: { name: string; value: string }[] = []
  let messageId: string | undefined
  for (const [name, value] of given) {
    const key = name.toLowerCase()
    // RFC 5322, section 2.2. A line break in a value would begin a field of its own.
    if (!/^[!-9;-~]{1,76}$/.test(name) || typeof value !== 'string' || /[\r\n\0]/.test(value))
      faults.add("'headers' is invalid")
    else if (RESERVED.has(key)) faults.add(`'headers' must not contain '${name}'`)
    else if (key === 'message-id') messageId = value.trim() === '' ? undefined : value
    // The vendor ignores it; each part says for itself how it travels.
    else if (key !== 'content-transfer-encoding') others.push({ name, value })
  }
  return { others, ...(messageId !== undefined && { messageId }) }
}

function marksIn(body: Fields, faults: Faults): { name: string; value: string }[] {
  const category = textIn(body, 'category', faults)
  // A character is two units at most: a text of megabytes is not spread into an array.
  const isLong = (text: string) => text.length > 2 * MAX_CATEGORY || [...text].length > MAX_CATEGORY
  if (category !== undefined && isLong(category))
    faults.add(`'category' is too long (maximum is ${MAX_CATEGORY} characters)`)
  const variables = objectIn(body, 'custom_variables', faults)
  const json = variables && JSON.stringify(variables)
  if (json !== undefined && Buffer.byteLength(json) > MAX_CUSTOM_VARIABLES)
    faults.add(`'custom_variables' is too long (maximum is ${MAX_CUSTOM_VARIABLES} bytes)`)
  return [
    ...(category === undefined ? [] : [{ name: 'X-MT-Category', value: category }]),
    ...(json === undefined ? [] : [{ name: 'X-MT-Custom-Variables', value: json }]),
  ]
}
