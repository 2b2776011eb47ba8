import type { Problem } from '../problem.ts'
import type { Refusal } from './api.ts'
import { STATUS } from './refusal.ts'

const USUAL: Record<Problem['kind'], string> = {
  malformed: 'The request cannot be understood',
  unauthenticated: 'Sign in first',
  forbidden: 'That is not allowed',
  unverified: 'Open the link that was mailed to you first',
  absent: 'There is no such thing',
  wrong_method: 'That method is not supported here',
  not_acceptable: 'None of the accepted formats is available',
  conflict: 'That does not fit the present state',
  too_large: 'The request is too large',
  invalid: 'Some values are not valid',
  too_many: 'Too many requests, try again later',
  broken: 'Something went wrong on the server; the log says what',
  unavailable: 'The server cannot do that now, try again in a moment',
}

/** How everything that is no dialect of somebody else's says no: `/api/posthorn` and paths nobody owns. */
export function sayInOwnWords(problem: Problem): Refusal {
  const { kind, fields } = problem
  const message = problem.message || USUAL[kind]
  const error = fields === undefined ? { code: kind, message } : { code: kind, message, fields }
  return {
    status: STATUS[kind],
    contentType: 'application/json; charset=utf-8',
    body: JSON.stringify({ error }),
  }
}
