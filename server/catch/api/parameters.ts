import { Problem } from '../../problem.ts'

/** A query parameter; of one that is repeated, the last. */
export function queried(query: unknown, name: string): string | undefined {
  const value = (query as Record<string, unknown>)[name]
  const last = Array.isArray(value) ? value.at(-1) : value
  return typeof last === 'string' ? last : undefined
}

/** A positive whole number out of a query; anything else is as good as nothing. */
export function queriedNumber(query: unknown, name: string): number | undefined {
  const text = queried(query, name)
  if (text === undefined || !/^\d+$/.test(text)) return undefined
  return Math.min(Number(text), Number.MAX_SAFE_INTEGER)
}

/**
 * The object that a body wraps its attributes in: `{"inbox":{…}}`.
 * @throws Problem `malformed` if there is none
 */
export function wrapped(body: unknown, wrapper: string): Record<string, unknown> {
  const inner = isObject(body) ? body[wrapper] : undefined
  if (!isObject(inner)) throw new Problem('malformed', `The body lacks "${wrapper}"`)
  return inner
}

/** Text as Rails would take it: numbers are written out, everything else is no text. */
export function textOf(value: unknown): string {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' ? value : ''
}

/**
 * A name's faults in Rails' words.
 * @param least characters
 */
export function nameFaults(name: string, least: number): string[] {
  const faults: string[] = []
  if (name.trim() === '') faults.push("can't be blank")
  const length = [...name].length
  if (length < least && least > 1) faults.push(`is too short (minimum is ${least} characters)`)
  if (length > 100) faults.push('is too long (maximum is 100 characters)')
  // What no database stores and no screen shows.
  if (/[\x00-\x1f\x7f]/.test(name)) faults.push('is invalid')
  return faults
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
