import type { FastifyRequest } from 'fastify'
import type { Refusal } from '../../../http/api.ts'
import { STATUS } from '../../../http/refusal.ts'
import { pathOf } from '../../../http/path.ts'
import type { Problem, ProblemKind } from '../../../problem.ts'

const USUAL: Record<Exclude<ProblemKind, 'invalid' | 'absent' | 'wrong_method'>, string> = {
  // What is not readable counts as empty here; this is a request that ended before it was whole.
  malformed: 'Bad Request',
  unauthenticated: 'Unauthenticated.',
  forbidden: 'Unauthorized',
  unverified: 'Your email address is not verified.',
  not_acceptable: 'Not Acceptable',
  conflict: 'Conflict',
  too_large: 'Payload Too Large',
  too_many: 'Too Many Attempts.',
  broken: 'Server Error',
  unavailable: 'Service Unavailable',
}

/** A refusal in the words of SendPortal, as JSON whatever was asked for (contract, section 1.7). */
export function sayLikeSendPortal(problem: Problem, request: FastifyRequest): Refusal {
  return {
    status: STATUS[problem.kind],
    contentType: 'application/json; charset=utf-8',
    body: JSON.stringify(saying(problem, request)),
    ...(problem.kind === 'unauthenticated' && { headers: { 'www-authenticate': 'Bearer' } }),
  }
}

function saying({ kind, message, fields, allow = [] }: Problem, request: FastifyRequest): object {
  if (kind === 'invalid')
    return fields === undefined ? { message: message || INVALID } : { message: INVALID, errors: fields }
  if (kind === 'absent') return { message: request.is404 ? 'Not Found' : 'Invalid entity ID specified.' }
  if (kind === 'wrong_method') {
    const path = pathOf(request.url).replace(/^\//, '')
    const supported = allow.join(', ')
    return {
      message: `The ${request.method} method is not supported for route ${path}. Supported methods: ${supported}.`,
    }
  }
  return { message: USUAL[kind] }
}

const INVALID = 'The given data was invalid.'
