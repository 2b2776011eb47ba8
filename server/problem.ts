/**
 * The kinds of refusal. Whoever finds out throws a Problem; each door says it in its own words
 * (an HTTP status and a body, an SMTP code). Nothing in a Problem is secret: all of it may be shown.
 */
export type ProblemKind =
  | 'unauthenticated'
  | 'forbidden'
  /** They signed up, and have still to prove their address. */
  | 'unverified'
  | 'absent'
  | 'invalid'
  | 'malformed'
  | 'conflict'
  | 'too_many'
  | 'too_large'
  | 'not_acceptable'
  | 'wrong_method'
  /** The storage is in trouble; the same request may succeed later. */
  | 'unavailable'
  /** Our own bug: what happened is in the log, never in the reply. */
  | 'broken'

interface ProblemDetails {
  /** Messages by field, `base` for the whole object. */
  fields?: Record<string, string[]>
  /** Seconds. */
  retryAfter?: number
  /** Of `wrong_method`: the methods that are served. */
  allow?: string[]
  cause?: unknown
}

export class Problem extends Error {
  readonly kind: ProblemKind
  readonly fields: Record<string, string[]> | undefined
  readonly retryAfter: number | undefined
  readonly allow: string[] | undefined

  /** @param message empty: the door uses its usual text for this kind */
  constructor(kind: ProblemKind, message = '', details: ProblemDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined)
    this.name = 'Problem'
    this.kind = kind
    this.fields = details.fields
    this.retryAfter = details.retryAfter
    this.allow = details.allow
  }
}
