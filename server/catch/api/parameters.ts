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
 * A name's faults in Rails' words.
 * @param least characters
 */
export function nameFaults(name: string, least: number): string[] {
  const faults: string[] = []
  if (name.trim() === '') faults.push("can't be blank")
  // Of 10 MB not every character is counted.
  const length = name.length > 1000 ? name.length : [...name].length
  if (length < least && least > 1) faults.push(`is too short (minimum is ${least} characters)`)
  if (length > 100) faults.push('is too long (maximum is 100 characters)')
  // What no database stores and no screen shows.
  if (/[\x00-\x1f\x7f]/.test(name)) faults.push('is invalid')
  return faults
}
