import { expect, onTestFinished, test } from 'vitest'
import { startFakeRelay } from '../../../test/fake-relay.ts'
import { relayServer } from '../../relay/relay-url.ts'
import { checkRelay } from './relay.ts'

test('the doctor tries the way to the relay, and its login', async () => {
  const relay = await startFakeRelay()
  onTestFinished(() => relay.close())
  const at = (url: string) => checkRelay({ relayUrl: relayServer(url), smtpHost: 'posthorn.test' })
  const name = `relay localhost:${relay.port}`
  expect(await checkRelay({ relayUrl: undefined, smtpHost: 'x' })).toMatchObject({ state: 'ok' })
  expect(await at(`smtp://relay:secret@localhost:${relay.port}`)).toEqual({
    check: name,
    state: 'ok',
    says: 'answers, and takes the login',
  })
  expect(await at(`smtp://relay:wrong@localhost:${relay.port}`)).toMatchObject({
    state: 'fail',
    says: 'AUTH: 535 wrong login',
    mend: expect.stringContaining('user and password'),
  })
  expect(await at(`smtp://localhost:${relay.port}?starttls=required`)).toMatchObject({
    state: 'fail',
    mend: expect.stringContaining('certificate'),
  })
  expect(await at('smtp://localhost:1')).toMatchObject({
    state: 'fail',
    mend: expect.stringContaining('runs'),
  })
  expect(relay.mail).toEqual([])
})
