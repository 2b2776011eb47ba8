import { signJwt } from '../accounts/jwt.ts'
import { createToken, type Token } from '../accounts/tokens.ts'
import { resetJwt } from '../accounts/users.ts'
import { workspaceById } from '../accounts/workspaces.ts'
import type { Database } from '../storage/schema.ts'
import { type Command, CommandFailure, type Invocation, misused, textFlag } from './command.ts'
import { print, printJson, printTable } from './print.ts'
import { personNamed } from './whose.ts'
import { withDatabase } from './with-database.ts'

export const command: Command = {
  options: {
    user: { type: 'string' },
    workspace: { type: 'string' },
    description: { type: 'string' },
    jwt: { type: 'boolean' },
    json: { type: 'boolean' },
  },
  usage: [
    'token create --user E [--description D]',
    'token create --user E --jwt',
    'token create --workspace ID [--user E] [--description D]',
    'token list [--user E] [--json]',
    'token reset ID',
    'token reset --user E --jwt',
  ],
  details:
    'The token is printed alone; it is kept nowhere in clear. With --workspace it counts on the campaign API of that\n' +
    'workspace. `token reset ID` makes a new one in the place of the old, which stops at once; with --jwt, every\n' +
    'JWT of the user stops and a new one is made.',
  run(invocation) {
    const [what] = invocation.words
    if (what === 'create') return create(invocation)
    if (what === 'list') return list(invocation)
    if (what === 'reset') return reset(invocation)
    throw misused('token create, token list or token reset?')
  },
}

async function create({ settings, flags }: Invocation): Promise<void> {
  const email = textFlag(flags, 'user')
  const workspace = textFlag(flags, 'workspace')
  if (email === undefined && workspace === undefined) throw misused('--user is missing')
  if (flags.jwt && workspace !== undefined) throw misused('--jwt and --workspace do not go together')
  await withDatabase(settings, async (db, secrets) => {
    const user =
      workspace === undefined || email ? await personNamed(db, email) : await ownerOf(db, workspace)
    if (flags.jwt) return print(await signJwt(secrets, user.id, user.jwt_id))
    const workspaceId = workspace === undefined ? null : await workspaceNamed(db, workspace, user.id)
    const { value } = await createToken(db, {
      kind: workspaceId === null ? 'user' : 'workspace',
      userId: user.id,
      workspaceId,
      description: textFlag(flags, 'description') ?? 'made on the command line',
    })
    print(value)
  })
}

async function list({ settings, flags }: Invocation): Promise<void> {
  await withDatabase(settings, async db => {
    const email = textFlag(flags, 'user')
    const only = email === undefined ? undefined : await personNamed(db, email)
    let query = db
      .selectFrom('tokens')
      .innerJoin('users', 'users.id', 'tokens.user_id')
      .select(['tokens.id', 'tokens.kind', 'users.email', 'tokens.workspace_id', 'tokens.last_four'])
      .select(['tokens.description', 'tokens.created_at', 'tokens.last_used_at'])
      .orderBy('tokens.id')
    if (only !== undefined) query = query.where('users.id', '=', only.id)
    const tokens = await query.execute()
    if (flags.json) return printJson(tokens)
    printTable(
      ['ID', 'KIND', 'USER', 'WORKSPACE', 'ENDS WITH', 'MADE', 'LAST USED', 'DESCRIPTION'],
      tokens.map(token => [
        token.id,
        token.kind,
        token.email,
        token.workspace_id ?? '',
        token.last_four,
        day(token.created_at),
        token.last_used_at === null ? 'never' : day(token.last_used_at),
        token.description,
      ]),
    )
  })
}

function day(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10)
}

async function reset({ settings, flags, words }: Invocation): Promise<void> {
  await withDatabase(settings, async (db, secrets) => {
    if (flags.jwt) {
      const email = textFlag(flags, 'user')
      if (email === undefined) throw misused('--user is missing')
      const user = await personNamed(db, email)
      return print(await signJwt(secrets, user.id, await resetJwt(db, user.id)))
    }
    const id = words[1]
    if (id === undefined) throw misused('which token? posthorn token list shows their ids')
    print(await db.transaction().execute(trx => replace(trx, id)))
  })
}

async function replace(trx: Database, id: string): Promise<string> {
  const old: Token | undefined = /^\d+$/.test(id)
    ? await trx.deleteFrom('tokens').where('id', '=', Number(id)).returningAll().executeTakeFirst()
    : undefined
  if (old === undefined) throw new CommandFailure(`there is no token ${id}`)
  const { value } = await createToken(trx, {
    kind: old.kind,
    userId: old.user_id,
    workspaceId: old.workspace_id,
    description: old.description,
  })
  return value
}

/** The workspace must be one that the user is in: a token must not outreach its maker. */
async function workspaceNamed(db: Database, id: string, userId: number): Promise<number> {
  const workspace = /^\d+$/.test(id) ? await workspaceById(db, Number(id)) : undefined
  if (workspace === undefined) throw new CommandFailure(`there is no workspace ${id}`)
  const member = await db
    .selectFrom('members')
    .select('id')
    .where('workspace_id', '=', workspace.id)
    .where('user_id', '=', userId)
    .executeTakeFirst()
  if (member === undefined) throw new CommandFailure(`that user is not in workspace ${id}`)
  return workspace.id
}

async function ownerOf(db: Database, workspace: string) {
  const owner = await db
    .selectFrom('users')
    .innerJoin('members', 'members.user_id', 'users.id')
    .selectAll('users')
    .where('members.workspace_id', '=', /^\d+$/.test(workspace) ? Number(workspace) : -1)
    .where('members.role', '=', 'owner')
    .orderBy('users.id')
    .executeTakeFirst()
  if (owner === undefined) throw new CommandFailure(`there is no workspace ${workspace}`)
  return owner
}
