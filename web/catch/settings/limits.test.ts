import { expect, it } from 'vitest'
import type { InboxSettings } from '../../../server/catch/api/wire.ts'
import { changeIn, lossBy, textsOf } from './limits.ts'

const SERVER = 26_214_400
const settings: InboxSettings = {
  id: 1,
  project_id: 1,
  name: 'Staging',
  status: 'active',
  email_username: 'a-123456',
  email_domain: 'inbox.test',
  email_username_enabled: false,
  max_size: 1000,
  max_message_size: SERVER,
  rate: { count: 5, seconds: 10 },
  retention_days: 30,
  server: { max_message_size: SERVER, rate: null },
  emails_count: 120,
  sent_messages_count: 7,
  role: 'owner',
}
const faultsOf = (texts: Parameters<typeof changeIn>[1]) => {
  try {
    return changeIn(settings, texts)
  } catch (error) {
    return Object.keys((error as { fields: object }).fields)
  }
}

it('changes what was edited and nothing else; what is empty sets no limit', () => {
  const texts = textsOf(settings)
  expect(texts).toEqual({
    max_size: '1000',
    max_message_size: '26.2',
    rate: '5',
    rate_seconds: '10',
    retention_days: '30',
  })
  expect(changeIn(settings, texts)).toEqual({})
  expect(changeIn(settings, { ...texts, max_size: ' 50 ' })).toEqual({ max_size: 50 })
  const empty = { max_size: '', max_message_size: '', rate: '', rate_seconds: '', retention_days: '' }
  expect(changeIn({ ...settings, max_message_size: 1_000_000 }, empty)).toEqual({
    max_size: 0,
    max_message_size: SERVER,
    rate: null,
    retention_days: null,
  })
  expect(changeIn(settings, { ...texts, rate_seconds: '' })).toEqual({ rate: { count: 5, seconds: 1 } })
  expect(changeIn(settings, { ...texts, max_message_size: '1,5' })).toEqual({ max_message_size: 1_500_000 })
  // As the field shows the server's own limit.
  expect(changeIn({ ...settings, max_message_size: 2_000_000 }, { max_message_size: '26.2' })).toEqual({
    max_message_size: SERVER,
  })
})

it('says which field holds no number', () => {
  expect(faultsOf({ max_size: '-1', retention_days: 'x', max_message_size: '0', rate: '1.5' })).toEqual([
    'max_size',
    'max_message_size',
    'rate',
    'retention_days',
  ])
})

it('knows what would be lost', () => {
  expect(lossBy(settings, { max_size: 100 })).toBe('The oldest 20 messages are deleted for good.')
  expect(lossBy(settings, { retention_days: 7 })).toContain('7 days')
  expect(lossBy({ ...settings, retention_days: null }, { retention_days: 90 })).toContain('90 days')
  for (const harmless of [
    { max_size: 0 },
    { max_size: 500 },
    { retention_days: null },
    { retention_days: 60 },
  ])
    expect(lossBy(settings, harmless)).toBeUndefined()
})
