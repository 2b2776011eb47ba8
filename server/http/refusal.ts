import { Problem } from '../problem.ts'

/** Fastify's own refusals, by their codes. */
const BY_CODE: Record<string, Problem['kind']> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'too_large',
  FST_ERR_NOT_FOUND: 'absent',
  FST_ERR_MAX_PARAM_LENGTH: 'absent',
}

/** Anything thrown while a request was answered, as something that may be shown. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown
  const error = (thrown ?? {}) as { passing?: unknown; code?: unknown; statusCode?: unknown }
  // The storage's faults say by themselves whether they will pass; this folder does not know that folder.
  if (error.passing === true) return new Problem('unavailable', '', { retryAfter: 5, cause: thrown })
  const code = String(error.code ?? '')
  const kind = BY_CODE[code]
  if (kind !== undefined) return new Problem(kind, '', { cause: thrown })
  if (code.startsWith('FST_') && Number(error.statusCode) >= 400 && Number(error.statusCode) < 500)
    return new Problem('malformed', '', { cause: thrown })
  return new Problem('broken', '', { cause: thrown })
}

/** Where a status is not the dialect's choice. */
export const STATUS: Record<Problem['kind'], number> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  unverified: 403,
  absent: 404,
  wrong_method: 405,
  not_acceptable: 406,
  conflict: 409,
  too_large: 413,
  invalid: 422,
  too_many: 429,
  broken: 500,
  unavailable: 503,
}
