import type { Database } from '../../../storage/schema.ts'
import { type Template, templateById } from '../../templates/templates.ts'
import { emailServiceById } from '../../ways-out/email-services.ts'
import type { MailAttachment } from '../../ways-out/way-out.ts'
import { isEmail } from './email-rule.ts'
import { Form } from './form.ts'
import { type Input, membersOf } from './input.ts'

export interface GivenTransactional {
  to: { email: string; name: string }
  from_email: string
  from_name: string
  reply_to: string
  subject: string
  html: string | null
  text: string | null
  template: Template | undefined
  data: Record<string, unknown>
  email_service_id: number
  headers: [name: string, value: string][]
  attachments: MailAttachment[]
  tags: string[]
}

const MAX_HEADERS = 50
/** RFC 5322, section 2.1.1. */
const MAX_LINE = 998
/** Section 2.2: printable ASCII but the colon. */
const FIELD_NAME = /^[!-9;-~]{1,76}$/
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u001f\u007f]/
const MAX_ATTACHMENTS = 20
const MAX_TAGS = 20
const MAX_TAG = 100
const MEDIA_TYPE = /^[\w!#$&^.+-]{1,100}\/[\w!#$&^.+-]{1,100}$/
const CONTENT_ID = /^[\w.+@-]{1,200}$/
const BASE64 = /^[A-Za-z0-9+/\s]*={0,2}\s*$/

/** @throws Problem `invalid` (contract, section 4.8: ours) */
export async function readTransactional(
  db: Database,
  workspaceId: number,
  input: Input,
): Promise<GivenTransactional> {
  const form = new Form(input)
  const to = recipientIn(form)
  if (form.required('from_email')) form.email('from_email')
  const from_email = String(form.value('from_email') ?? '')
  const from_name = form.text('from_name') ?? ''
  const reply_to = form.value('reply_to') === null ? '' : form.email('reply_to')
  const subject = form.required('subject') ? (form.text('subject') ?? '') : ''
  const templateId = form.integer('template_id')
  const template = templateId === null ? undefined : await templateById(db, workspaceId, templateId)
  if (form.value('template_id') !== null && template === undefined)
    form.fault('template_id', 'The selected template id is invalid.')
  const html = bodyText(form, 'html') ?? bodyText(form, 'content')
  const text = bodyText(form, 'text')
  if (html === null && text === null && template === undefined) form.required('content')
  const serviceId = form.required('email_service_id') ? form.integer('email_service_id') : null
  if (serviceId !== null && (await emailServiceById(db, workspaceId, serviceId)) === undefined)
    form.fault('email_service_id', 'The selected email service id is invalid.')
  const given = {
    data: objectIn(form, 'data'),
    headers: headersIn(form),
    attachments: attachmentsIn(form),
    tags: tagsIn(form),
  }
  form.check()
  return {
    to,
    from_email,
    from_name,
    reply_to,
    subject,
    html,
    text,
    template,
    email_service_id: serviceId ?? 0,
    ...given,
  }
}

/** An address, or an object with one and a name. */
function recipientIn(form: Form): { email: string; name: string } {
  if (!form.required('to')) return { email: '', name: '' }
  const given = membersOf(form.value('to'))
  if (given === undefined) return { email: form.email('to'), name: '' }
  const { email, name } = Object.fromEntries(given)
  if (typeof email !== 'string' || !isEmail(email))
    form.fault('to.email', 'The to.email field must be a valid email address.')
  if (name !== undefined && name !== null && (typeof name !== 'string' || name.length > 255))
    form.fault('to.name', 'The to.name field must be a string.')
  return { email: String(email ?? ''), name: typeof name === 'string' ? name : '' }
}

function bodyText(form: Form, field: string): string | null {
  return form.text(field, Number.POSITIVE_INFINITY)
}

function objectIn(form: Form, field: string): Record<string, unknown> {
  const value = form.value(field)
  if (value === null) return {}
  if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>
  // What Laravel calls an object. An empty one looks like a list in many programs.
  if (!(Array.isArray(value) && value.length === 0)) form.fault(field, `The ${field} field must be an array.`)
  return {}
}

function headersIn(form: Form): [name: string, value: string][] {
  const given = Object.entries(objectIn(form, 'headers'))
  if (given.length > MAX_HEADERS)
    form.fault('headers', `The headers field must not have more than ${MAX_HEADERS} items.`)
  const headers: [name: string, value: string][] = []
  for (const [name, value] of given.slice(0, MAX_HEADERS)) {
    const text = typeof value === 'number' ? String(value) : value
    // A line end in one would begin another field, or the body.
    if (!FIELD_NAME.test(name) || typeof text !== 'string' || text.length > MAX_LINE || CONTROLS.test(text))
      form.fault(`headers.${name.slice(0, 76)}`, `The selected headers.${name.slice(0, 76)} is invalid.`)
    else headers.push([name, text])
  }
  return headers
}

function attachmentsIn(form: Form): MailAttachment[] {
  const value = form.value('attachments')
  if (value === null) return []
  if (!Array.isArray(value)) {
    form.fault('attachments', 'The attachments field must be an array.')
    return []
  }
  if (value.length > MAX_ATTACHMENTS)
    form.fault('attachments', `The attachments field must not have more than ${MAX_ATTACHMENTS} items.`)
  return value.slice(0, MAX_ATTACHMENTS).map((each, index) => {
    const at = (key: string) => `attachments.${index}.${key}`
    const { filename, content, content_type, content_id } = Object.fromEntries(membersOf(each) ?? [])
    const invalid = (key: string) => form.fault(at(key), `The selected ${at(key)} is invalid.`)
    if (typeof filename !== 'string') form.fault(at('filename'), `The ${at('filename')} field is required.`)
    else if (filename.length > 255) invalid('filename')
    if (typeof content !== 'string') form.fault(at('content'), `The ${at('content')} field is required.`)
    else if (!BASE64.test(content)) invalid('content')
    if (content_type !== undefined && content_type !== null && !MEDIA_TYPE.test(String(content_type)))
      invalid('content_type')
    if (content_id !== undefined && content_id !== null && !CONTENT_ID.test(String(content_id)))
      invalid('content_id')
    return {
      name: String(filename ?? ''),
      contentType: String(content_type ?? 'application/octet-stream').toLowerCase(),
      contentId: content_id === undefined || content_id === null ? null : String(content_id),
      base64: String(content ?? '').replaceAll(/\s+/g, ''),
    }
  })
}

function tagsIn(form: Form): string[] {
  const value = form.value('tags')
  if (value === null) return []
  const isFine =
    Array.isArray(value) &&
    value.length <= MAX_TAGS &&
    value.every(tag => typeof tag === 'string' && tag.length <= MAX_TAG)
  if (!isFine) form.fault('tags', 'The tags field must be an array.')
  return isFine ? (value as string[]) : []
}
