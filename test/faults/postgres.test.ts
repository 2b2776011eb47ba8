import { afterAll, beforeAll, expect, it } from 'vitest'
import { postgresPool } from '../../server/storage/postgres.ts'
import { freePorts } from '../free-port.ts'
import { noisyMail } from '../sample-mail.ts'
import { logged, readiness, Receipts } from '../mailbox.ts'
import { type Posthorn, startPosthorn } from '../posthorn.ts'
import { type PostgresServer, startPostgres } from '../postgres-server.ts'
import { SmtpSender } from '../smtp-sender.ts'
import { refusedStart } from './refused-start.ts'

let postgres: PostgresServer
let posthorn: Posthorn
beforeAll(async () => {
  postgres = await startPostgres()
  posthorn = await startPosthorn({ databaseUrl: postgres.url })
})
afterAll(async () => {
  await posthorn?.stop()
  await postgres?.remove()
})

it('refuses mail for now while PostgreSQL is down, and takes it when that is back', async () => {
  const receipts = new Receipts()
  const sender = await SmtpSender.connected(posthorn.smtpPort)
  const send = async (name: string) => {
    const bytes = noisyMail(name, 1_000)
    return receipts.note(name, bytes, await sender.sendOne(bytes))
  }
  expect(await send('before')).toMatch(/^250/)
  for (const round of ['first', 'second']) {
    await postgres.stop()
    expect(await send(`meanwhile, ${round}`)).toMatch(/^451 4\.3\.0 /)
    expect((await readiness(posthorn)).status).toBe(503)
    await postgres.start()
    expect(await send(`after, ${round}`)).toMatch(/^250/)
    expect((await readiness(posthorn)).status).toBe(200)
  }
  expect(await receipts.missing(posthorn)).toEqual([])
  expect(receipts.count).toBe(3)
  expect(logged(posthorn, 'mail is refused for now')).not.toEqual([])
  expect(logged(posthorn, 'an SMTP session failed')).toEqual([])
})

it('outlives a connection that dies while it is lent, between two queries', async () => {
  const pool = postgresPool(postgres.url, 2)
  const lent = await pool.connect()
  const { rows } = await lent.query<{ pid: number }>('select pg_backend_pid() as pid')
  const ended = new Promise<void>(resolve => lent.once('end', () => resolve()))
  await pool.query('select pg_terminate_backend($1)', [rows[0]?.pid])
  await ended
  await expect(lent.query('select 1')).rejects.toThrow()
  lent.release(true)
  expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  await pool.end()
})

it('does not start where no PostgreSQL answers, and says so in one line', async () => {
  const [port] = await freePorts(1)
  const { code, said } = await refusedStart({ DATABASE_URL: `postgres://nobody@127.0.0.1:${port}/none` })
  expect({ code, said }).toEqual({
    code: 1,
    said: `posthorn: the database: connect ECONNREFUSED 127.0.0.1:${port}\n`,
  })
})

it('does not start without its database, and says so in one line', async () => {
  const url = new URL(postgres.url)
  url.pathname = '/none'
  const { code, said } = await refusedStart({ DATABASE_URL: url.href })
  expect({ code, said }).toEqual({
    code: 1,
    said: 'posthorn: the database: database "none" does not exist\n',
  })
})
