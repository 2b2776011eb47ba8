import { afterAll, beforeAll, expect, it } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { Pop3Dialogue } from '../../test/pop3-dialogue.ts'
import { openSandbox, type Sandbox } from '../../test/sandbox.ts'
import type { Secrets } from '../accounts/secrets.ts'
import { Pop3Server } from '../mail/pop3/server.ts'
import type { Inbox } from './inboxes.ts'
import { changeInbox, resetCredentials } from './inboxes.ts'
import { createPop3Door } from './pop3.ts'
import { cleanInbox, deleteInbox } from './removal.ts'

const secrets = { seal: (text: string) => text, open: (text: string) => text } as Secrets

eachEngine('the sandbox behind the POP3 door', engine => {
  let sandbox: Sandbox
  let server: Pop3Server<number>
  let port = 0
  let changes = 0
  const errors: unknown[] = []
  beforeAll(async () => {
    sandbox = await openSandbox(engine)
    server = new Pop3Server({
      hostname: 'pop.test',
      door: createPop3Door(sandbox.storage, secrets, () => changes++),
      failedLoginDelay: 0,
      onError: error => errors.push(error),
    })
    ;[port = 0] = await server.listen('127.0.0.1', [0])
  })
  afterAll(async () => {
    await server?.close(0)
    await sandbox?.storage.close()
  })

  /** Each answer to the login, and the dialogue to go on with. */
  async function logIn({ username, password }: Pick<Inbox, 'username' | 'password'>) {
    const dialogue = await Pop3Dialogue.greeted(port)
    const [, said] = await dialogue.askAll(`USER ${username}`, `PASS ${password}`)
    return { dialogue, said }
  }

  const stateOf = (inboxId: number) =>
    sandbox.storage.read
      .selectFrom('inboxes')
      .select(['emails_count', 'emails_unread_count'])
      .where('id', '=', inboxId)
      .executeTakeFirst()

  it('shows the inbox as it is at the login, the oldest first, and deletes at QUIT', async () => {
    const inbox = await sandbox.newInbox()
    const ids: number[] = []
    for (const subject of ['one', 'two', 'three'])
      ids.push(await sandbox.keep(`Subject: ${subject}\r\n\r\nHi\r\n`, inbox.id))
    const { dialogue, said } = await logIn(inbox)
    expect(said).toBe('+OK 3 messages (62 octets)')
    await sandbox.keep('Subject: late\r\n\r\n', inbox.id)
    expect(await dialogue.all('UIDL')).toBe(ids.map((id, at) => `${at + 1} ${id}\r\n`).join(''))
    expect(await dialogue.all('RETR 1')).toBe('Subject: one\r\n\r\nHi\r\n')
    // a look by POP3 leaves no trace
    expect(await stateOf(inbox.id)).toEqual({ emails_count: 4, emails_unread_count: 4 })
    await dialogue.askAll('DELE 1', 'DELE 3')
    expect(await stateOf(inbox.id)).toMatchObject({ emails_count: 4 })
    expect(await dialogue.ask('QUIT')).toBe('+OK bye')
    expect(await stateOf(inbox.id)).toEqual({ emails_count: 2, emails_unread_count: 2 })
    expect(changes).toBe(1)
    const after = await logIn(inbox)
    expect(after.said).toBe('+OK 2 messages (37 octets)')
    expect(await after.dialogue.all('TOP 2 0')).toBe('Subject: late\r\n\r\n')
  })

  it('counts the octets as they are sent', async () => {
    const inbox = await sandbox.newInbox()
    for (const raw of [
      'A: b\n\nx\r\n\ny\n',
      '\n',
      'A: b\r\n\r\nx\r\n',
      Buffer.from('A: \xff\r\n\r\n\0\n', 'latin1'),
    ])
      await sandbox.keep(raw, inbox.id)
    const { dialogue } = await logIn(inbox)
    for (const number of [1, 2, 3, 4]) {
      const sent = await dialogue.all(`RETR ${number}`)
      expect(await dialogue.ask(`LIST ${number}`)).toBe(`+OK ${number} ${sent.length}`)
      expect(sent).not.toMatch(/(?<!\r)\n/)
    }
  })

  it('lists ten thousand messages without reading one', async () => {
    const inbox = await sandbox.newInbox()
    await Promise.all(
      Array.from({ length: 10_000 }, (_, at) => sandbox.keep(`Subject: ${at}\r\n\r\n`, inbox.id)),
    )
    // nothing there to be read
    await sandbox.storage.write.deleteFrom('raw_packs').execute()
    const { dialogue, said } = await logIn(inbox)
    expect(said).toMatch(/^\+OK 10000 messages /)
    expect((await dialogue.all('LIST')).match(/^\d+ \d+\r$/gm)).toHaveLength(10_000)
    expect(new Set((await dialogue.all('UIDL')).match(/ \d+\r$/gm))).toHaveLength(10_000)
    expect(await dialogue.ask('RETR 10000')).toBe('-ERR the message is gone')
    for (let number = 1; number <= 10_000; number++) dialogue.send(`DELE ${number}\r\n`)
    for (let number = 1; number <= 10_000; number++) await dialogue.line()
    expect(await dialogue.ask('QUIT')).toBe('+OK bye')
    expect(await stateOf(inbox.id)).toEqual({ emails_count: 0, emails_unread_count: 0 })
  }, 30_000)

  it('goes on when messages are deleted meanwhile, and when the inbox is', async () => {
    const inbox = await sandbox.newInbox()
    await sandbox.keep('Subject: one\r\n\r\n', inbox.id)
    const { dialogue } = await logIn(inbox)
    await cleanInbox(sandbox.storage.write, inbox.id)
    expect(await dialogue.askAll('STAT', 'RETR 1')).toEqual(['+OK 1 16', '-ERR the message is gone'])
    await deleteInbox(sandbox.storage.write, inbox.id)
    expect(await dialogue.askAll('RETR 1', 'DELE 1', 'QUIT')).toEqual([
      '-ERR the message is gone',
      '+OK message 1 deleted',
      '+OK bye',
    ])
    expect(errors).toEqual([])
  })

  it('refuses an inbox that is not active, and credentials that were reset, as it refuses a stranger', async () => {
    const inbox = await sandbox.newInbox()
    const refused = '-ERR [AUTH] invalid login or password'
    expect((await logIn({ username: 'nobody', password: 'x' })).said).toBe(refused)
    await changeInbox(sandbox.storage.write, inbox.id, { status: 'inactive' })
    expect((await logIn(inbox)).said).toBe(refused)
    await changeInbox(sandbox.storage.write, inbox.id, { status: 'active' })
    expect((await logIn(inbox)).said).toBe('+OK 0 messages (0 octets)')
    const anew = await resetCredentials(sandbox.storage.write, secrets, inbox.id)
    expect((await logIn(inbox)).said).toBe(refused)
    expect((await logIn(anew)).said).toBe('+OK 0 messages (0 octets)')
  })
})
