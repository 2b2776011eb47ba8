import type { Address } from '../../../mail/address.ts'

/** What is wrong with a mail, in the words of the sending API, in order. */
export class Faults {
  readonly #said = new Set<string>()

  add(fault: string): void {
    this.#said.add(fault)
  }

  get all(): string[] {
    return [...this.#said]
  }
}

type Fields = Record<string, unknown>

const MAX_ADDRESSES = 1000

/** A local part and a domain, and nothing that could end the address or begin another one. */
const ADDRESS = /^[^\s<>()[\]\\,;:"@\x00-\x1f\x7f]{1,128}@[^\s<>()\\,;:"@\x00-\x1f\x7f]{1,255}$/

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Undefined: not given, empty, or of another type, which is a fault. */
export function textIn(fields: Fields, name: string, faults: Faults): string | undefined {
  const value = given(fields, name, 'string', faults)
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function objectIn(fields: Fields, name: string, faults: Faults): Fields | undefined {
  const value = given(fields, name, 'object', faults)
  return isObject(value) ? value : undefined
}

export function listIn(fields: Fields, name: string, faults: Faults): unknown[] | undefined {
  const value = given(fields, name, 'array', faults)
  return Array.isArray(value) ? value : undefined
}

/** One mailbox: `{"email":…,"name":…}`. */
export function addressIn(fields: Fields, name: string, faults: Faults): Address | undefined {
  const value = objectIn(fields, name, faults)
  return value && addressOf(value, name, faults)
}

export function addressesIn(fields: Fields, name: string, faults: Faults): Address[] {
  const list = listIn(fields, name, faults) ?? []
  if (list.length > MAX_ADDRESSES) {
    faults.add(`'${name}' is too long (maximum is ${MAX_ADDRESSES} addresses)`)
    return []
  }
  return list.flatMap(each => addressOf(each, name, faults) ?? [])
}

function addressOf(value: unknown, name: string, faults: Faults): Address | undefined {
  const { email, name: shown = '' } = isObject(value) ? value : {}
  if (typeof email === 'string' && ADDRESS.test(email) && (shown === null || typeof shown === 'string'))
    return { address: email, name: shown ?? '' }
  faults.add(`'${name}' address is invalid`)
  return undefined
}

function given(fields: Fields, name: string, expected: string, faults: Faults): unknown {
  const value = fields[name]
  if (value === undefined || value === null || typeName(value) === expected) return value
  faults.add(`invalid type for field '${name}', expected: '${expected}', given: '${typeName(value)}'`)
  return undefined
}

function typeName(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value
}
