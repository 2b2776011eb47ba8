const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const

export type LogLevel = (typeof LEVELS)[number]

/** Fields may be given as a function, which is only called if the line is written. */
export type Log = Record<
  Exclude<LogLevel, 'silent'>,
  (message: string, fields?: Fields | (() => Fields)) => void
>

type Fields = Record<string, unknown>

interface Options {
  level: LogLevel
  /** Short lines for people; otherwise JSON, one object per line. */
  human: boolean
  write(line: string): void
}

/** A net under the rule that no caller hands secrets to the log. */
const SECRET = /token|password|secret|authorization|cookie/i

/** One line per event. Never give it tokens, passwords, queries of URLs, or bodies. */
export function createLog({ level, human, write }: Options): Log {
  const least = LEVELS.indexOf(level)
  const at = (name: Exclude<LogLevel, 'silent'>) =>
    LEVELS.indexOf(name) < least
      ? () => {}
      : (message: string, fields: Fields | (() => Fields) = {}) => {
          const shown = Object.entries(typeof fields === 'function' ? fields() : fields).filter(
            ([, value]) => value !== undefined,
          )
          const safe = shown.map(
            ([key, value]) => [key, SECRET.test(key) ? '[hidden]' : plain(value)] as const,
          )
          write(human ? forPeople(name, message, safe) : forMachines(name, message, safe))
        }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** What the server uses: the standard output, human on a terminal. */
export function standardLog(level: LogLevel): Log {
  return createLog({
    level,
    human: process.stdout.isTTY === true,
    write: line => process.stdout.write(line),
  })
}

type Entries = readonly (readonly [string, unknown])[]

function forMachines(level: string, message: string, fields: Entries): string {
  const time = new Date().toISOString()
  return `${JSON.stringify({ time, level, message, ...Object.fromEntries(fields) })}\n`
}

function forPeople(level: string, message: string, fields: Entries): string {
  const time = new Date().toTimeString().slice(0, 8)
  const sign = level === 'info' ? '' : `${level} `
  // Control characters of a stranger's making must not steer the terminal or forge a line.
  const rest = fields.map(([key, value]) => ` ${key}=${JSON.stringify(value)}`).join('')
  return `${time} ${sign}${message.replaceAll(/[\x00-\x1f\x7f-\x9f]/g, ' ')}${rest}\n`
}

function plain(value: unknown): unknown {
  if (value instanceof Error) return value.stack ?? `${value.name}: ${value.message}`
  return typeof value === 'bigint' ? value.toString() : value
}
