/**
 * What can be wrong with the ground under us, in words a door can answer with.
 * `full`, `locked`, `unwell` and `unreachable` are the storage's own trouble: the same request may
 * succeed later. So is `damaged`: what was read is not what was written, while the rest may be whole. `duplicate` is the caller's: a unique value is taken. `bug` is ours.
 */
export type FaultKind = 'full' | 'locked' | 'unwell' | 'damaged' | 'unreachable' | 'duplicate' | 'bug'

export class StorageFault extends Error {
  readonly kind: FaultKind
  /** The engine's own code, for the log. */
  readonly code: string

  constructor(kind: FaultKind, message: string, code: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StorageFault'
    this.kind = kind
    this.code = code
  }

  /** Whether the storage itself is in trouble, so that a sender should try again later. */
  get passing(): boolean {
    return this.kind !== 'duplicate' && this.kind !== 'bug'
  }
}

const SQLITE_KINDS: [prefix: string, kind: FaultKind][] = [
  ['SQLITE_CONSTRAINT_UNIQUE', 'duplicate'],
  ['SQLITE_CONSTRAINT_PRIMARYKEY', 'duplicate'],
  ['SQLITE_FULL', 'full'],
  ['SQLITE_BUSY', 'locked'],
  ['SQLITE_LOCKED', 'locked'],
  ['SQLITE_IOERR', 'unwell'],
  ['SQLITE_CORRUPT', 'damaged'],
  ['SQLITE_NOTADB', 'damaged'],
  ['SQLITE_CANTOPEN', 'unwell'],
  ['SQLITE_READONLY', 'unwell'],
  ['SQLITE_PERM', 'unwell'],
]

/**
 * SQLSTATE classes: 08 connection, 25006 read-only, 28 who we are, 3D no such database, 42501 no permission,
 * 53 resources, 57 operator intervention (PostgreSQL manual, appendix A).
 */
const SQLSTATE_KINDS: [prefix: string, kind: FaultKind][] = [
  ['23505', 'duplicate'],
  ['53100', 'full'],
  ['53', 'unreachable'],
  ['08', 'unreachable'],
  ['25006', 'unwell'],
  ['28', 'unreachable'],
  ['3D', 'unreachable'],
  ['42501', 'unwell'],
  ['57', 'unreachable'],
  ['40', 'locked'],
  ['55P03', 'locked'],
  ['58', 'unwell'],
  ['XX001', 'damaged'],
  ['XX002', 'damaged'],
  ['XX', 'unwell'],
]

const SOCKET_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
])

/** Any thrown thing as a StorageFault; faults pass through as they are. */
export function asFault(thrown: unknown): StorageFault {
  if (thrown instanceof StorageFault) return thrown
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  const code = String((error as { code?: unknown }).code ?? '')
  // One that sums up several failed connections (AggregateError) has a code and no message.
  return new StorageFault(kindOf(code, error.message), error.message || code, code, { cause: error })
}

function kindOf(code: string, message: string): FaultKind {
  const kinds = code.startsWith('SQLITE_') ? SQLITE_KINDS : SQLSTATE_KINDS
  const known = code === '' ? undefined : kinds.find(([prefix]) => code.startsWith(prefix))
  if (known) return known[1]
  if (code === 'ENOSPC') return 'full'
  // pg reports a connection that dies under a query, and one that cannot be agreed upon, by message alone.
  if (
    SOCKET_CODES.has(code) ||
    /^Connection terminated|connection timeout|^SASL|SSL connection/i.test(message)
  )
    return 'unreachable'
  return 'bug'
}
