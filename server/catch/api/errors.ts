import type { FastifyRequest } from 'fastify'
import type { Refusal } from '../../http/api.ts'
import { CONTENT_TYPES, formatOf } from '../../http/format.ts'
import { railsXml } from '../../http/rails-xml.ts'
import type { Problem, ProblemKind } from '../../problem.ts'

interface Saying {
  status: number
  /** The key is `errors` where that API has it so. */
  body: { error: string } | { errors: string } | undefined
}

/** Contract, section 3. */
export const SAYINGS: Record<Exclude<ProblemKind, 'invalid' | 'conflict'>, Saying> = {
  malformed: { status: 400, body: { error: 'Bad Request' } },
  unauthenticated: { status: 401, body: { error: 'Incorrect API token' } },
  forbidden: { status: 403, body: { errors: 'Access forbidden' } },
  unverified: { status: 403, body: { errors: 'Access forbidden' } },
  absent: { status: 404, body: { error: 'Not Found' } },
  wrong_method: { status: 405, body: { error: 'Method Not Allowed' } },
  not_acceptable: { status: 406, body: undefined },
  too_large: { status: 413, body: { error: 'Payload Too Large' } },
  too_many: { status: 429, body: { error: 'Too Many Requests' } },
  broken: { status: 500, body: { error: 'Internal Server Error' } },
  unavailable: { status: 503, body: { error: 'Service Unavailable' } },
}

/** A refusal in the words of Mailtrap's V1, in the format that was asked for. */
export function sayLikeMailtrap(problem: Problem, request: FastifyRequest): Refusal {
  // The only conflict there is: a body part that the message lacks.
  if (problem.kind === 'conflict')
    return { status: 409, contentType: 'text/plain; charset=utf-8', body: 'Conflict' }
  const format = formatOf(request)
  const contentType = CONTENT_TYPES[format]
  if (problem.kind === 'invalid') {
    const errors = problem.fields ?? { base: [problem.message || 'is invalid'] }
    const body = format === 'json' ? JSON.stringify({ errors }) : railsXml(errors, 'errors')
    return { status: 422, contentType, body }
  }
  const { status, body: said } = SAYINGS[problem.kind]
  if (said === undefined) return { status, contentType: '', body: '' }
  const headers =
    problem.kind === 'unauthenticated' ? { 'www-authenticate': 'Token realm="Application"' } : undefined
  const body = format === 'json' ? JSON.stringify(said) : railsXml(said, 'hash')
  return { status, contentType, body, ...(headers && { headers }) }
}
