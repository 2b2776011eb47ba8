import type { FastifyRequest } from 'fastify'
import { storable } from '../../../accounts/storable.ts'
import { fromBrackets } from '../../../http/brackets.ts'

export type Input = Record<string, unknown>

/** Spaces at its ends may be meant. */
const UNTRIMMED = new Set(['password', 'password_confirmation'])

/**
 * What was given, in the query and in the body, which wins: texts trimmed, empty ones null (contract, section 1.1).
 * A body that is no object holds nothing.
 */
export function inputOf({ query, body }: FastifyRequest): Input {
  const given = typeof body === 'object' && body !== null && !Array.isArray(body) ? body : {}
  return tidied({ ...queryOf(query), ...given })
}

/** The query alone. */
export function queryOf(query: unknown): Input {
  const pairs = Object.entries(query as Record<string, string | string[]>).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  )
  try {
    return tidied(fromBrackets(pairs))
  } catch {
    // One key in two ways: as good as nothing.
    return {}
  }
}

function tidied(values: object): Input {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, tidy(value, key)]))
}

function tidy(value: unknown, key: string): unknown {
  if (typeof value === 'string') {
    const text = storable(UNTRIMMED.has(key) ? value : value.trim())
    return text === '' ? null : text
  }
  if (Array.isArray(value)) return value.map(each => tidy(each, key))
  return typeof value === 'object' && value !== null ? tidied(value) : value
}

/** What PHP calls an array: a list, or an object by its keys. Undefined: it is none. */
export function membersOf(value: unknown): [key: string, member: unknown][] | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.entries(value)
}
