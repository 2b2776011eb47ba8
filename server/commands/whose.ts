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
