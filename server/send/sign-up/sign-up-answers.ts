import { storable } from '../../accounts/storable.ts'
import type { CustomField } from '../audience/custom-fields.ts'
import { readFieldText, readFieldValue } from '../audience/field-values.ts'
import type { StoredSettings } from './form-settings.ts'
import type { SignedUp } from '../audience/subscriber-events.ts'
import type { FieldValues } from '../audience/subscribers.ts'

/** What is wrong with an answer; each page and letter says it in its own language. */
type AnswerFault = 'required' | 'email_wrong' | 'value_wrong' | 'too_long' | 'consent_needed'

export interface Answers {
  email: string
  given: SignedUp['answers']
  faults: Record<string, AnswerFault>
}

/** RFC 5321, section 4.5.3.1.3, without the angle brackets. */
const MAX_EMAIL = 254
const MAX_NAME = 255

/**
 * Reads what was put into a form, or sent as JSON: `email`, `first_name`, `last_name`, `fields` by key, `consent`.
 * @param faults by `email`, `first_name`, `fields.<key>`, `consent`
 */
export function readAnswers(
  { ask, consent }: Pick<StoredSettings, 'ask' | 'consent'>,
  fields: readonly CustomField[],
  body: Record<string, unknown>,
): Answers {
  const email = typeof body.email === 'string' ? storable(body.email).trim() : ''
  const { given, faults } = readAsked(ask, fields, body)
  if (email === '') faults.email = 'required'
  else if (email.length > MAX_EMAIL || !isEmail(email)) faults.email = 'email_wrong'
  if (consent !== null && !isTicked(body.consent)) faults.consent = 'consent_needed'
  return { email, given, faults }
}

/** The same of what is asked besides the address. What was left empty is not among the answers. */
export function readAsked(
  ask: StoredSettings['ask'],
  fields: readonly CustomField[],
  body: Record<string, unknown>,
): Pick<Answers, 'given' | 'faults'> {
  const faults: Answers['faults'] = {}
  const given: Answers['given'] = {}
  const values: FieldValues = {}
  const sent = (typeof body.fields === 'object' ? (body.fields ?? {}) : {}) as Record<string, unknown>
  for (const { key, required } of ask) {
    if (key === 'first_name' || key === 'last_name') {
      const name = typeof body[key] === 'string' ? storable(body[key]).trim() : ''
      if (name.length > MAX_NAME) faults[key] = 'too_long'
      else if (name !== '') given[key] = name
      else if (required) faults[key] = 'required'
      continue
    }
    const field = fields.find(each => key === `field:${each.key}`)
    if (field === undefined) continue
    const read = valueOf(field, sent[field.key])
    if ('fault' in read) faults[`fields.${field.key}`] = 'value_wrong'
    else if (read.value !== null) values[field.key] = read.value
    // A box that must be ticked, such as a second consent.
    if (required && !('fault' in read) && (read.value === null || read.value === false))
      faults[`fields.${field.key}`] = 'required'
  }
  if (Object.keys(values).length > 0) given.fields = values
  return { given, faults }
}

function valueOf(field: CustomField, sent: unknown): ReturnType<typeof readFieldText> {
  if (sent === undefined || sent === null)
    // Browsers say nothing of a box that is not ticked.
    return { value: field.kind === 'boolean' ? false : null }
  return typeof sent === 'string' ? readFieldText(field, sent) : readFieldValue(field, sent)
}

function isTicked(value: unknown): boolean {
  return value === true || (typeof value === 'string' && /^(1|true|yes|on)$/i.test(value))
}

/** What a mail server takes; that the domain is one, and somebody is there, the confirmation shows. */
function isEmail(text: string): boolean {
  return /^[^\s@<>(),;:"\\[\]]{1,64}@[^\s@<>(),;:"\\[\]]+$/.test(text) && !/^\.|\.\.|\.@|@\.|\.$/.test(text)
}
