import { afterEach, expect, it, vi } from 'vitest'
import { call, onStaleSession, setCsrf } from './http.ts'

const answers: Response[] = []
const asked: RequestInit[] = []
vi.stubGlobal('fetch', async (_path: string, init: RequestInit) => {
  asked.push(init)
  const answer = answers.shift()
  if (!answer) throw new TypeError('Failed to fetch')
  return answer
})
const json = (body: unknown, status: number) => Response.json(body, { status })
const refusal = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail('was not refused'),
    (error: unknown) => error,
  )

afterEach(() => {
  asked.length = 0
  answers.length = 0
  setCsrf(null)
  onStaleSession(async () => {})
})

it('reads the refusals of all dialects', async () => {
  answers.push(json({ error: { code: 'invalid', message: 'No.', fields: { email: ['is taken'] } } }, 422))
  expect(await refusal(call('/x'))).toMatchObject({
    status: 422,
    code: 'invalid',
    fields: { email: ['is taken'] },
  })
  answers.push(json({ errors: { email_username: ['is invalid'] } }, 422))
  expect(await refusal(call('/x'))).toMatchObject({ message: 'Email username is invalid.' })
  answers.push(json({ errors: 'Access forbidden' }, 403), json({ error: 'Not Found' }, 404))
  expect(await refusal(call('/x'))).toMatchObject({ message: 'You may not do this.' })
  expect(await refusal(call('/x'))).toMatchObject({ message: 'This no longer exists.' })
  answers.push(new Response('<h1>Bad gateway</h1>', { status: 502 }))
  expect(await refusal(call('/x'))).toMatchObject({ status: 502, message: 'The server answered 502.' })
})

it('says that nobody answered', async () => {
  expect(await refusal(call('/x'))).toMatchObject({ status: 0, code: 'unreachable' })
})

it('asks again, once, when the session was renewed elsewhere', async () => {
  setCsrf('old')
  let renewals = 0
  onStaleSession(async () => setCsrf(`new ${++renewals}`))
  answers.push(json({}, 403), json({ done: true }, 200))
  expect(await call('/x', { method: 'POST', body: {} })).toEqual({ done: true })
  expect(asked.map(({ headers }) => (headers as Record<string, string>)['x-csrf-token'])).toEqual([
    'old',
    'new 1',
  ])

  answers.push(json({}, 403), json({}, 403))
  expect(await refusal(call('/x', { method: 'POST', body: {} }))).toMatchObject({ status: 403 })
  expect(asked).toHaveLength(4)
})

it('sends the CSRF token with changes only', async () => {
  setCsrf('token')
  answers.push(json({}, 200), json({}, 200))
  await call('/x')
  await call('/x', { method: 'DELETE' })
  expect(asked.map(({ headers }) => 'x-csrf-token' in (headers as object))).toEqual([false, true])
})
