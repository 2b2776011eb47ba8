import { userByEmail, firstOwner, type User } from '../accounts/users.ts'
import type { Database } from '../storage/schema.ts'
import { CommandFailure } from './command.ts'

/** The person a command is about: the one named, else the first owner. */
export async function personNamed(db: Database, email: string | undefined): Promise<User> {
  const user = email === undefined ? await firstOwner(db) : await userByEmail(db, email)
  if (user !== undefined) return user
  throw new CommandFailure(
    email === undefined
      ? 'nobody is there yet: start the server once, or make somebody with posthorn user create'
      : `nobody has the address ${email}; posthorn user list shows who is there`,
  )
}

/**
 * A workspace by its id or its name; without one the first.
 * @throws CommandFailure: there is none, or several have that name
 */
export async function workspaceNamed(
  db: Database,
  wanted: string | undefined,
): Promise<{ id: number; name: string }> {
  const all = await db.selectFrom('workspaces').select(['id', 'name']).orderBy('id').execute()
  const found =
    wanted === undefined
      ? all.slice(0, 1)
      : all.some(({ id }) => String(id) === wanted)
        ? all.filter(({ id }) => String(id) === wanted)
        : all.filter(({ name }) => name === wanted)
  const [workspace] = found
  if (workspace === undefined)
    throw new CommandFailure(
      wanted === undefined ? 'there is no workspace yet' : `there is no workspace "${wanted}"`,
    )
  if (found.length > 1)
    throw new CommandFailure(
      `several workspaces are named that: say which of ${found.map(({ id }) => id).join(', ')}`,
    )
  return workspace
}
