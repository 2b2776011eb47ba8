import { hash, randomBytes } from 'node:crypto'
import type { Selectable } from 'kysely'
import { Problem } from '../problem.ts'
import { hold } from '../storage/claiming.ts'
import type { Database, Tables } from '../storage/schema.ts'
import { storable } from './storable.ts'

export type Token = Selectable<Tables['tokens']>
export type TokenKind = Token['kind']

interface NewToken {
  kind: TokenKind
  userId: number
  /** Of a workspace token. */
  workspaceId: number | null
  description: string
  /** Absent or empty: random. */
  value?: string
}

/**
 * @returns the token in clear, this once
 * @throws StorageFault `duplicate`: that very token is taken
 */
export async function createToken(
  db: Database,
  { kind, userId, workspaceId, description, value }: NewToken,
  now = Date.now(),
): Promise<{ token: Token; value: string }> {
  const clear = value || randomToken(kind)
  const token = await db
    .insertInto('tokens')
    .values({
      kind,
      user_id: userId,
      workspace_id: workspaceId,
      hash: tokenHash(clear),
      last_four: clear.slice(-4),
      description: storable(description),
      created_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return { token, value: clear }
}

/** User tokens look like Mailtrap's (32 hexadecimal digits), so that clients that check them are content. */
function randomToken(kind: TokenKind): string {
  return kind === 'user' ? randomBytes(16).toString('hex') : randomBytes(30).toString('base64url')
}

/** Tokens are random, so a fast hash is enough; looking one up by it leaks nothing through time. */
export function tokenHash(value: string): string {
  return hash('sha256', value, 'hex')
}

/** The user's own tokens, and those of the workspace. */
export function listTokens(
  db: Database,
  { userId, workspaceId }: { userId: number; workspaceId: number | undefined },
): Promise<Token[]> {
  return db
    .selectFrom('tokens')
    .selectAll()
    .where(either =>
      either.or([
        either('user_id', '=', userId).and('kind', '=', 'user'),
        ...(workspaceId === undefined
          ? []
          : [either('workspace_id', '=', workspaceId).and('kind', '=', 'workspace')]),
      ]),
    )
    .orderBy('id')
    .execute()
}

/**
 * It stops counting at once.
 * @throws Problem `absent`: no such token, or neither the user's nor the workspace's
 */
export async function deleteToken(
  db: Database,
  id: number,
  whose: { userId: number; workspaceId: number | undefined },
): Promise<void> {
  const theirs = await listTokens(db, whose)
  if (!theirs.some(token => token.id === id)) throw new Problem('absent')
  await db.deleteFrom('tokens').where('id', '=', id).execute()
}

/**
 * Puts a new value in the place of the token with this hash.
 * @returns the new value in clear, this once. Undefined: somebody was quicker
 */
export async function resetToken(
  db: Database,
  hashed: string,
  now = Date.now(),
): Promise<{ token: Token; value: string } | undefined> {
  const value = randomToken('user')
  const token = await db
    .updateTable('tokens')
    .set({ hash: tokenHash(value), last_four: value.slice(-4), created_at: now })
    .where('hash', '=', hashed)
    .where('kind', '=', 'user')
    .returningAll()
    .executeTakeFirst()
  return token && { token, value }
}

/** What Mailtrap calls "the API token" of a user: their oldest one, made anew; made at all if they have none. */
export async function resetApiToken(db: Database, userId: number): Promise<string> {
  return db.transaction().execute(async trx => {
    const oldest = trx
      .selectFrom('tokens')
      .selectAll()
      .where('user_id', '=', userId)
      .where('kind', '=', 'user')
      .orderBy('id')
      .limit(1)
    await hold(trx, trx.selectFrom('users').selectAll().where('id', '=', userId))
    const present = await oldest.executeTakeFirst()
    const reset = present && (await resetToken(trx, present.hash))
    if (reset !== undefined) return reset.value
    const description = 'API token'
    return (await createToken(trx, { kind: 'user', userId, workspaceId: null, description })).value
  })
}
