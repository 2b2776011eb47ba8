import { Problem } from '../problem.ts'

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

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
