import { StorageFault } from '../storage/faults.ts'
import type { Database } from '../storage/schema.ts'
import { hashPassword } from './passwords.ts'
import { insertPerson } from './people.ts'
import { createToken } from './tokens.ts'
import type { User } from './users.ts'
import type { Workspace } from './workspaces.ts'

/** Everything optional may also be empty, as settings that are not given are. */
interface Given {
  email?: string
  password?: string
  userToken?: string
  workspaceToken?: string
}

export interface FirstOwner {
  user: User
  workspace: Workspace
  /** In clear, to be printed this once. */
  userToken: string
  workspaceToken: string
}

/**
 * At the first start: somebody to own what is there. Undefined if somebody is there already.
 * @throws StorageFault `duplicate`: both tokens are the same
 */
export async function makeFirstOwner(db: Database, given: Given): Promise<FirstOwner | undefined> {
  if (await somebodyIsThere(db)) return undefined
  const passwordHash = given.password ? await hashPassword(given.password) : null
  try {
    return await db.transaction().execute(trx => insertFirstOwner(trx, given, passwordHash))
  } catch (error) {
    // Another node was started at the same moment and was quicker.
    if (error instanceof StorageFault && error.kind === 'duplicate' && (await somebodyIsThere(db)))
      return undefined
    throw error
  }
}

async function insertFirstOwner(
  trx: Database,
  given: Given,
  passwordHash: string | null,
): Promise<FirstOwner> {
  const owner = {
    name: 'Owner',
    email: given.email || 'owner@localhost',
    workspaceName: 'My workspace',
    apiToken: given.userToken ?? '',
  }
  const { user, workspace, apiToken } = await insertPerson(trx, owner, passwordHash)
  const { value } = await createToken(trx, {
    kind: 'workspace',
    userId: user.id,
    workspaceId: workspace.id,
    description: 'Workspace token',
    value: given.workspaceToken ?? '',
  })
  return { user, workspace, userToken: apiToken, workspaceToken: value }
}

async function somebodyIsThere(db: Database): Promise<boolean> {
  return (await db.selectFrom('users').select('id').limit(1).executeTakeFirst()) !== undefined
}
