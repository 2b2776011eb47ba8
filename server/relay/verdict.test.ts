import { expect, test } from 'vitest'
import { SmtpError } from '../mail/smtp/client-channel.ts'
import { verdict } from './verdict.ts'

const said = (moment: string, code: number) => new SmtpError(moment, { code, enhanced: undefined, text: 'x' })
const MINUTE = 60_000

test.each([
  ['a refusal of the recipient', said('RCPT', 550), 'failed'],
  ['of the content', said('message', 554), 'failed'],
  ['of the size, by ourselves', said('MAIL', 552), 'failed'],
  ['not now', said('RCPT', 450), 'queued'],
  ['a lost connection', new SmtpError('message', 'connection closed'), 'queued'],
  ['a greeting that sends us away', said('connect', 554), 'queued'],
  ['a wrong login', said('AUTH', 535), 'queued'],
  ['a login is wanted', said('MAIL', 530), 'queued'],
  ['something else', new TypeError('x'), 'queued'],
])('%s', (_case, error, status) => {
  expect(verdict(error, 1).status).toBe(status)
})

test('waits longer each time, but for a relay that is away never long', () => {
  const waits = (error: SmtpError) =>
    [1, 2, 3, 4, 5, 6, 50].map(attempts => {
      const outcome = verdict(error, attempts, 0.5)
      return outcome.status === 'queued' ? outcome.retryInMs / MINUTE : undefined
    })
  expect(waits(said('RCPT', 450))).toEqual([0.5, 2, 10, 30, 120, 120, 120])
  expect(waits(new SmtpError('connect', 'ECONNREFUSED'))).toEqual([0.5, 2, 5, 5, 5, 5, 5])
})
