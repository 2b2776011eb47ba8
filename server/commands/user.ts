import { randomBytes } from 'node:crypto'
import { endLocalMode } from '../accounts/local-mode.ts'
import { hashPassword } from '../accounts/passwords.ts'
import { insertPerson } from '../accounts/people.ts'
import type { Secrets } from '../accounts/secrets.ts'
import { endSessionsOf } from '../accounts/sessions.ts'
import { changeUser, firstOwner, listUsers } from '../accounts/users.ts'
import { makeFirstInbox } from '../catch/first-inbox.ts'
import type { Settings } from '../config.ts'
import { StorageFault } from '../storage/faults.ts'
import type { Database } from '../storage/schema.ts'
import { type Command, CommandFailure, type Invocation, misused, textFlag } from './command.ts'
import { print, printJson, printTable } from './print.ts'
import { personNamed } from './whose.ts'
import { withDatabase } from './with-database.ts'

export const command: Command = {
  options: {
    email: { type: 'string' },
    name: { type: 'string' },
    password: { type: 'string' },
    json: { type: 'boolean' },
  },
  usage: [
    'user create --email E --name N [--password P]',
    'user list [--json]',
    'user reset --email E [--password P]',
  ],
  details:
    'A new user has a workspace of their own with a project and an inbox in it; the API token is printed on a line\n' +
    'of its own. Without --password a random one is made and printed.',
  run(invocation) {
    const [what] = invocation.words
    if (what === 'create') return create(invocation)
    if (what === 'list') return list(invocation)
    if (what === 'reset') return reset(invocation)
    throw misused('user create, user list or user reset?')
  },
}

async function create({ settings, flags }: Invocation): Promise<void> {
  const email = emailFlag(flags)
  const name = textFlag(flags, 'name')?.trim()
  if (!name) throw misused('--name is missing')
  const { password, made } = passwordFlag(flags)
  const passwordHash = await hashPassword(password)
  await withDatabase(settings, async (db, secrets) => {
    const owner = await firstOwner(db)
    const { person, inbox } = await db
      .transaction()
      .execute(trx => insertWithInbox(trx, secrets, { name, email, passwordHash }, settings))
      .catch((error: unknown) => {
        if (error instanceof StorageFault && error.kind === 'duplicate')
          throw new CommandFailure(`somebody has the address ${email} already`)
        throw error
      })
    print(`user ${person.user.id}, ${person.user.email}, owner of workspace ${person.workspace.id}`)
    if (made) print(`password: ${password}`)
    print(`inbox ${inbox.id}: SMTP username ${inbox.username}, password ${secrets.open(inbox.password)}`)
    print('API token, shown this once:')
    print(person.apiToken)
    if (owner !== undefined && owner.password_hash === null) noteLocalMode(owner.email)
  })
}

async function insertWithInbox(
  trx: Database,
  secrets: Secrets,
  { name, email, passwordHash }: { name: string; email: string; passwordHash: string },
  settings: Settings,
) {
  const person = await insertPerson(trx, { name, email }, passwordHash)
  const inbox = await makeFirstInbox(trx, secrets, {
    workspaceId: person.workspace.id,
    ownerId: person.user.id,
    maxSize: settings.inboxMaxMessages,
    maxMessageSize: settings.maxMessageSize,
  })
  return { person, inbox }
}

/** The first owner could look at the web app without a password until now. */
function noteLocalMode(email: string): void {
  process.stderr.write(
    `posthorn: from now on the web app asks for a password; ${email} has none yet: posthorn user reset --email ${email}\n`,
  )
}

async function list({ settings, flags }: Invocation): Promise<void> {
  await withDatabase(settings, async db => {
    const users = await listUsers(db)
    const places = await placesOf(db)
    const rows = users.map(user => ({
      id: user.id,
      email: user.email,
      name: user.name,
      password: user.password_hash !== null,
      workspaces: places
        .filter(place => place.user_id === user.id)
        .map(({ id, name, role }) => ({ id, name, role })),
    }))
    if (flags.json) return printJson(rows)
    printTable(
      ['ID', 'EMAIL', 'NAME', 'PASSWORD', 'WORKSPACES'],
      rows.map(({ id, email, name, password, workspaces }) => [
        id,
        email,
        name,
        password ? 'set' : 'none',
        workspaces.map(place => `${place.id} "${place.name}" (${place.role})`).join(', '),
      ]),
    )
  })
}

function placesOf(db: Database) {
  return db
    .selectFrom('members')
    .innerJoin('workspaces', 'workspaces.id', 'members.workspace_id')
    .select(['members.user_id', 'members.role', 'workspaces.id', 'workspaces.name'])
    .orderBy('workspaces.id')
    .execute()
}

async function reset({ settings, flags, words }: Invocation): Promise<void> {
  const email = words[1] ?? emailFlag(flags)
  const { password, made } = passwordFlag(flags)
  const passwordHash = await hashPassword(password)
  await withDatabase(settings, async db => {
    const user = await personNamed(db, email)
    await db.transaction().execute(async trx => {
      await changeUser(trx, user.id, { passwordHash })
      await endSessionsOf(trx, user.id)
      await endLocalMode(trx)
    })
    print(`${user.email} has a new password and is logged out everywhere`)
    if (made) {
      print('password, shown this once:')
      print(password)
    }
  })
}

function emailFlag(flags: Invocation['flags']): string {
  const email = textFlag(flags, 'email')?.trim()
  if (email === undefined) throw misused('--email is missing')
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw misused(`--email must be an e-mail address, not "${email}"`)
  return email
}

function passwordFlag(flags: Invocation['flags']): { password: string; made: boolean } {
  const given = textFlag(flags, 'password')
  if (given === undefined) return { password: randomBytes(12).toString('base64url'), made: true }
  if (given.length < 8) throw misused('--password must have at least 8 characters')
  return { password: given, made: false }
}
