import type { Database } from '../storage/schema.ts'
import { endLocalMode } from './local-mode.ts'
import { hashPassword } from './passwords.ts'
import { createToken } from './tokens.ts'
import { createUser, type User } from './users.ts'
import { addMember, createWorkspace, type Workspace } from './workspaces.ts'

interface NewPerson {
  name: string
  email: string
  /** Null: none yet, which is local mode. */
  password: string | null
  workspaceName?: string
  /** Empty or absent: random. */
  apiToken?: string
  /** False: they came by themselves, and have still to prove their address. Default true. */
  verified?: boolean
}

interface Person {
  user: User
  workspace: Workspace
  /** In clear, this once. */
  apiToken: string
}

/**
 * A user with a workspace of their own, and an API token.
 * @throws StorageFault `duplicate`: the address or the token is taken
 */
export async function createPerson(db: Database, person: NewPerson): Promise<Person> {
  const passwordHash = person.password === null ? null : await hashPassword(person.password)
  return db.transaction().execute(trx => insertPerson(trx, person, passwordHash))
}

/** The same, inside a transaction that does more, and with the password hashed already. */
export async function insertPerson(
  trx: Database,
  person: Omit<NewPerson, 'password'>,
  passwordHash: string | null,
): Promise<Person> {
  const { name, email, workspaceName = `${name}'s workspace`, apiToken = '', verified = true } = person
  const workspace = await createWorkspace(trx, workspaceName)
  const user = await createUser(trx, { name, email, passwordHash, workspaceId: workspace.id, verified })
  await addMember(trx, workspace.id, user.id, 'owner')
  const { value } = await createToken(trx, {
    kind: 'user',
    userId: user.id,
    workspaceId: null,
    description: 'API token',
    value: apiToken,
  })
  if (passwordHash !== null) await endLocalMode(trx)
  return { user, workspace, apiToken: value }
}
