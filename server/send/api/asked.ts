import type { FastifyRequest } from 'fastify'
import { callerOf, insist } from '../../accounts/caller.ts'
import type { Act } from '../../accounts/permissions.ts'
import { storable } from '../../accounts/storable.ts'
import { idFrom } from '../../http/ids.ts'
import { Problem } from '../../problem.ts'

const DEFAULT_LIMIT = 50
const MAX_LIMIT = 200

/**
 * The workspace whose audience it is about.
 * @throws Problem `forbidden`
 */
export function audienceOf(request: FastifyRequest, act: Act): number {
  const caller = callerOf(request)
  insist(caller, act)
  return caller.workspaceId
}

/** Who is remembered as having done it: behind a token of a workspace stands a program. */
export function by(request: FastifyRequest): { userId: number | null } {
  const caller = callerOf(request)
  return { userId: caller.as === 'user' ? caller.user.id : null }
}

/** @throws Problem `absent` */
export function idIn(request: FastifyRequest, name = 'id'): number {
  return idFrom((request.params as Record<string, string>)[name])
}

/** @throws Problem `malformed` */
export function bodyOf({ body }: FastifyRequest): Record<string, unknown> {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new Problem('malformed', 'The body must be an object')
  return body as Record<string, unknown>
}

/** A parameter of the query; of one that is repeated the last, of one that is empty nothing. */
export function queried({ query }: FastifyRequest, name: string): string | undefined {
  const value = (query as Record<string, unknown>)[name]
  const last = Array.isArray(value) ? value.at(-1) : value
  return typeof last === 'string' && last !== '' ? storable(last) : undefined
}

/** How many of a list. */
export function limitIn(request: FastifyRequest): number {
  const text = queried(request, 'limit')
  const limit = text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : 0
  return Math.min(limit || DEFAULT_LIMIT, MAX_LIMIT)
}

/** Where a page of a list begins, as a client hands it back without looking inside. */
export function writeCursor(position: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url')
}

/** @throws Problem `invalid`: not made by writeCursor, or for another list */
export function cursorIn<T extends readonly unknown[]>(
  request: FastifyRequest,
  isOurs: (position: unknown[]) => boolean,
  name = 'cursor',
): T | undefined {
  const text = queried(request, name)
  if (text === undefined) return undefined
  try {
    const position: unknown = JSON.parse(Buffer.from(text, 'base64url').toString())
    if (Array.isArray(position) && isOurs(position)) return position as unknown as T
  } catch {
    // What is no JSON is none of ours either.
  }
  return refuse(name, 'is not one that this list has given')
}

/** @throws Problem `invalid` */
export function refuse(field: string, message: string): never {
  throw new Problem('invalid', '', { fields: { [field]: [message] } })
}
