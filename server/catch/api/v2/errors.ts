import type { Refusal } from '../../../http/api.ts'
import { CONTENT_TYPES } from '../../../http/format.ts'
import { STATUS } from '../../../http/refusal.ts'
import type { Problem, ProblemKind } from '../../../problem.ts'
import { SAYINGS } from '../errors.ts'

/** A refusal in the words of Mailtrap's V2 (contract, section 13): those of V1, but for 403. */
export function sayLikeV2(problem: Problem): Refusal {
  const status = STATUS[problem.kind]
  if (problem.kind === 'conflict')
    return { status, contentType: 'text/plain; charset=utf-8', body: 'Conflict' }
  const said =
    problem.kind === 'invalid'
      ? { errors: problem.fields ?? { base: [problem.message || 'is invalid'] } }
      : problem.kind === 'forbidden'
        ? { errors: 'Account access forbidden' }
        : SAYINGS[problem.kind].body
  if (said === undefined) return { status, contentType: '', body: '' }
  return {
    status,
    contentType: CONTENT_TYPES.json,
    body: JSON.stringify(said),
    ...(problem.kind === 'unauthenticated' && {
      headers: { 'www-authenticate': 'Token realm="Application"' },
    }),
  }
}

/** The paths that take mail say no in a way of their own: always a list. */
const OF_SENDING: Record<ProblemKind, string> = {
  malformed: 'Bad Request',
  unauthenticated: 'Unauthorized',
  forbidden: 'Inbox is not active or you have insufficient permissions',
  unverified: 'Your e-mail address is not confirmed',
  absent: 'Not Found',
  wrong_method: 'Method Not Allowed',
  not_acceptable: 'Not Acceptable',
  invalid: 'Bad Request',
  conflict: 'Conflict',
  too_large: 'Payload Too Large',
  too_many: 'Rate limit exceeded',
  broken: 'Internal server error',
  unavailable: 'Service Unavailable',
}

export function sayLikeSending(problem: Problem): Refusal {
  // All that is wrong with a mail is 400 here; the list is under `base`.
  const status = problem.kind === 'invalid' ? 400 : STATUS[problem.kind]
  const ownWords = problem.kind === 'malformed' || problem.kind === 'too_large' ? problem.message : ''
  const errors = problem.fields?.base ?? [ownWords || OF_SENDING[problem.kind]]
  return {
    status,
    contentType: CONTENT_TYPES.json,
    body: JSON.stringify({ success: false, errors }),
    ...(problem.kind === 'unauthenticated' && {
      headers: { 'www-authenticate': 'Token realm="Application"' },
    }),
  }
}
