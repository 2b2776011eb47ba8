import type { FastifyRequest } from 'fastify'
import { storable } from '../../accounts/storable.ts'
import { Problem } from '../../problem.ts'
import { checkedSettings, type SettingsChecks } from '../ways-out/checked-settings.ts'
import { SERVICE_TYPES, type ServiceType, type SettingValues } from '../ways-out/email-service-types.ts'
import type { EmailServiceChanges, NewEmailService } from '../ways-out/email-services.ts'
import { readLimits } from '../ways-out/service-limits.ts'
import { TEST_SUBJECT, type TestMail } from '../ways-out/test-mail.ts'
import { bodyOf } from './asked.ts'
import { isEmail } from './sendportal/email-rule.ts'

const MAX_NAME = 255
const MAX_BODY = 100_000

type Faults = Record<string, string[]>

/** @throws Problem `invalid` with all that is wrong */
export async function newServiceIn(
  request: FastifyRequest,
  checks: SettingsChecks,
  workspaceId: number,
): Promise<NewEmailService> {
  const body = bodyOf(request)
  const faults: Faults = {}
  const typeId = typeof body.type_id === 'number' ? body.type_id : 0
  const type = Object.hasOwn(SERVICE_TYPES, typeId) ? SERVICE_TYPES[typeId] : undefined
  if (type === undefined) faults.type_id = ['is none of the types']
  const changes = await changesIn(
    { ...body, name: body.name ?? '', settings: body.settings ?? {} },
    faults,
    checks,
    { workspaceId, type, before: undefined },
  )
  return { name: '', settings: {}, ...changes, typeId }
}

/**
 * @param before the settings as they are: what masks stand for
 * @throws Problem `invalid` with all that is wrong
 */
export function serviceChangesIn(
  request: FastifyRequest,
  checks: SettingsChecks,
  of: { workspaceId: number; type: ServiceType; before: SettingValues },
): Promise<EmailServiceChanges> {
  return changesIn(bodyOf(request), {}, checks, of)
}

/** @throws Problem `invalid` with all that is wrong */
export function testMailIn(request: FastifyRequest): TestMail {
  const { to, from, subject, body } = bodyOf(request)
  const faults: Faults = {}
  const address = (field: string, value: unknown) => {
    const text = typeof value === 'string' ? value.trim() : ''
    if (!isEmail(text)) faults[field] = [text === '' ? 'is required' : 'must be an e-mail address']
    return text
  }
  const text = (field: string, value: unknown, most: number) => {
    if (typeof value === 'string' && value.length <= most) return value
    faults[field] = [`must be text of at most ${most} characters`]
    return ''
  }
  const mail = {
    to: address('to', to),
    from: address('from', from),
    subject: text('subject', subject ?? TEST_SUBJECT, MAX_NAME).replaceAll(/\s+/g, ' '),
    body: text('body', body, MAX_BODY),
  }
  if (faults.body === undefined && mail.body.trim() === '') faults.body = ['is required']
  return checked(mail, faults)
}

async function changesIn(
  { name, settings, limits, next_service_id }: Record<string, unknown>,
  faults: Faults,
  checks: SettingsChecks,
  {
    workspaceId,
    type,
    before,
  }: { workspaceId: number; type: ServiceType | undefined; before: SettingValues | undefined },
): Promise<EmailServiceChanges> {
  const changes: EmailServiceChanges = {}
  if (name !== undefined) {
    changes.name = typeof name === 'string' ? name.trim() : ''
    if (changes.name === '') faults.name = ['is required']
    else if (changes.name.length > MAX_NAME) faults.name = [`must not be longer than ${MAX_NAME} characters`]
  }
  if (settings !== undefined && type !== undefined) {
    if (typeof settings !== 'object' || settings === null || Array.isArray(settings))
      faults.settings = ['must be an object']
    else {
      const given = Object.fromEntries(
        Object.entries(settings).map(([key, value]) => [
          key,
          typeof value === 'string' ? storable(value) : (value as unknown),
        ]),
      )
      const read = await checkedSettings(checks, workspaceId, type, given, before)
      changes.settings = read.settings
      for (const [key, texts] of Object.entries(read.faults)) faults[`settings.${key}`] = texts
    }
  }
  if (limits !== undefined) {
    const read = readLimits(limits)
    changes.limits = read.limits
    Object.assign(faults, read.faults)
  }
  if (next_service_id === null || Number.isSafeInteger(next_service_id))
    changes.nextServiceId = next_service_id as number | null
  else if (next_service_id !== undefined) faults.next_service_id = ['must be the id of an email service']
  return checked(changes, faults)
}

function checked<T>(value: T, faults: Faults): T {
  if (Object.keys(faults).length > 0) throw new Problem('invalid', '', { fields: faults })
  return value
}
