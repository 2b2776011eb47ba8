import type { FastifyRequest } from 'fastify'
import { Problem } from '../../problem.ts'
import type { Caller } from '../caller.ts'
import type {} from '../../http/api.ts'

/** Who sent this request. Every route has somebody, unless its config says `open`. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.identity === null) throw new Problem('unauthenticated')
  // The identities of our APIs are made by accounts/api/identify.ts alone, and are callers.
  return request.identity as Caller
}
