import { afterAll, beforeAll, expect, it } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { ADMIN_API_TOKEN, type Posthorn, startPosthorn } from '../../test/posthorn.ts'
import { submit } from '../mail/smtp/client.ts'

eachEngine('user, token and inbox beside a running server', engine => {
  let posthorn: Posthorn
  beforeAll(async () => {
    const url = await engine.freshUrl()
    posthorn = await startPosthorn(url.startsWith('sqlite:') ? {} : { databaseUrl: url })
  })
  afterAll(() => posthorn?.stop())

  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await posthorn.run(args)
    expect(code, stderr).toBe(0)
    return stdout
  }
  const refused = async (...args: string[]) => {
    const { code, stderr } = await posthorn.run(args)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    return { code, stderr }
  }
  const get = (token: string, path: string) =>
    fetch(`${posthorn.url}${path}`, { headers: { authorization: `Bearer ${token}` } })
  const create = async (email: string) => {
    const printed = await run('user', 'create', '--email', email, '--name', 'Ann', '--password', 'longenough')
    return /^[0-9a-f]{32}$/m.exec(printed)?.[0] ?? ''
  }

  it('makes a user with an inbox of their own, and an API token on a line of its own', async () => {
    const token = await create('ann@shop.test')
    const companies = (await (await get(token, '/api/v1/companies')).json()) as { inboxes: unknown[] }[]
    expect(companies.map(company => company.inboxes.length)).toEqual([1])
    // The first inbox is somebody else's.
    expect((await get(token, '/api/v1/inboxes/1')).status).toBe(404)
    expect(await run('user', 'list')).toMatch(/ann@shop\.test +Ann +set/)
  })

  it('refuses an address that is taken, whatever its case, and what is missing', async () => {
    await create('bob@shop.test')
    const again = await refused(
      'user',
      'create',
      '--email',
      'BOB@shop.test',
      '--name',
      'B',
      '--password',
      'longenough',
    )
    expect(again).toEqual({ code: 1, stderr: 'posthorn: somebody has the address BOB@shop.test already\n' })
    expect((await refused('user', 'create', '--name', 'B')).code).toBe(64)
    expect((await refused('user', 'create', '--email', 'x', '--name', 'B')).code).toBe(64)
    expect(
      (await refused('user', 'create', '--email', 'c@x.test', '--name', 'B', '--password', 'short')).code,
    ).toBe(64)
    expect((await refused('user', 'dance')).code).toBe(64)
  })

  it('says who cannot look at the web app any more, now that there are passwords', async () => {
    const { stderr } = await posthorn.run(['user', 'create', '--email', 'dora@shop.test', '--name', 'Dora'])
    expect(stderr).toContain('posthorn user reset --email owner@localhost')
  })

  it('sets a new password: printed if it is made here', async () => {
    await create('eve@shop.test')
    const printed = await run('user', 'reset', '--email', 'eve@shop.test')
    const password = printed.trimEnd().split('\n').at(-1)
    const login = (given: string) =>
      fetch(`${posthorn.url}/api/posthorn/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: posthorn.url },
        body: JSON.stringify({ email: 'eve@shop.test', password: given }),
      })
    expect((await login('longenough')).status).toBe(401)
    expect((await login(password ?? '')).status).toBeLessThan(300)
  })

  it('makes tokens and JWTs that count at once, and replaces them', async () => {
    await create('fay@shop.test')
    const token = (await run('token', 'create', '--user', 'fay@shop.test')).trim()
    expect((await get(token, '/api/v1/user')).status).toBe(200)
    const jwt = (await run('token', 'create', '--user', 'fay@shop.test', '--jwt')).trim()
    expect((await get(jwt, '/api/v1/user')).status).toBe(200)

    const rows = JSON.parse(await run('token', 'list', '--user', 'fay@shop.test', '--json')) as {
      id: number
      last_four: string
    }[]
    const id = rows.find(row => row.last_four === token.slice(-4))?.id
    const next = (await run('token', 'reset', String(id))).trim()
    expect((await get(token, '/api/v1/user')).status).toBe(401)
    expect((await get(next, '/api/v1/user')).status).toBe(200)
    const newJwt = (await run('token', 'reset', '--user', 'fay@shop.test', '--jwt')).trim()
    expect((await get(jwt, '/api/v1/user')).status).toBe(401)
    expect((await get(newJwt, '/api/v1/user')).status).toBe(200)
    expect((await refused('token', 'create', '--user', 'nobody@shop.test')).code).toBe(1)
  })

  it('makes a workspace token only for somebody who is in that workspace', async () => {
    await create('gus@shop.test')
    const token = (await run('token', 'create', '--workspace', '1')).trim()
    expect(token).toMatch(/^[\w-]{40}$/)
    const other = await refused('token', 'create', '--workspace', '1', '--user', 'gus@shop.test')
    expect(other.stderr).toContain('not in workspace 1')
    expect((await refused('token', 'create', '--workspace', '999')).code).toBe(1)
  })

  it('makes an inbox that takes mail at once, and gives it new credentials', async () => {
    const made = JSON.parse(
      await run('inbox', 'create', '--name', 'Staging', '--project', 'Shop', '--json'),
    ) as Credentials
    const send = ({ username, password }: Credentials) =>
      submit(
        { host: '127.0.0.1', port: posthorn.smtpPort, heloName: 'x.test', auth: { username, password } },
        { reversePath: 'a@x.test', forwardPaths: ['b@x.test'] },
        Buffer.from('Subject: hi\r\n\r\nhi\r\n'),
      )
    expect((await send(made)).reply.code).toBe(250)
    const reset = JSON.parse(await run('inbox', 'reset', 'Staging', '--json')) as Credentials
    await expect(send(made)).rejects.toThrow('535')
    expect((await send(reset)).reply.code).toBe(250)
    const rows = JSON.parse(await run('inbox', 'list', '--json')) as { id: number; emails_count: number }[]
    expect(rows.find(row => row.id === made.id)?.emails_count).toBe(2)
    expect(await run('inbox', 'list')).toMatch(/Staging +Shop +1 +\w+ +2 +2 +1000 +active/)
    expect((await refused('inbox', 'reset', 'nowhere')).code).toBe(1)
  })

  it.each([[[]], [['--to', 'bob@shop.test', '--subject', 'Grüße', '--text', 'für dich']]])(
    'send puts a message into an inbox: %j',
    async flags => {
      const raw = 'From: a@x.test\nTo: b@x.test\nSubject: raw\n\nfrom stdin\n'
      const { stdout } = await posthorn.run(['send', '--inbox', '1', ...flags], flags.length > 0 ? '' : raw)
      const id = /^message (\d+) in inbox 1/.exec(stdout)?.[1]
      const body = await (await get(ADMIN_API_TOKEN, `/api/v1/inboxes/1/messages/${id}/body.eml`)).text()
      if (flags.length === 0) expect(body).toBe(raw.replaceAll('\n', '\r\n'))
      else expect(body).toContain('To: bob@shop.test\r\n')
    },
  )

  it('send refuses what makes no sense', async () => {
    expect((await refused('send', '--text', 'x')).code).toBe(64)
    expect((await refused('send', '--inbox', '1')).code).toBe(64)
    expect((await refused('send', '--inbox', '1', '/no/such.eml')).stderr).toContain('ENOENT')
    expect((await refused('send', '--inbox', '999', '--text', 'x')).code).toBe(1)
  })
})

interface Credentials {
  id: number
  username: string
  password: string
}
