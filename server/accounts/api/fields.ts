import { Problem } from '../../problem.ts'
import { LOCALES } from '../locales.ts'
import { isTimeZone } from '../zoned-time.ts'

export const MAX_NAME = 255
const MIN_PASSWORD = 8
/** Hashing takes time by length; nobody remembers more. */
const MAX_PASSWORD = 1024

type Given = Record<string, unknown>

/** Reads the fields of a body, and gathers everything that is wrong with them before it refuses. */
export class Fields {
  readonly #given: Given
  readonly #faults: Record<string, string[]> = {}

  /** @throws Problem `malformed` if the body is no object */
  constructor(body: unknown) {
    if (typeof body !== 'object' || body === null || Array.isArray(body))
      throw new Problem('malformed', 'The body must be an object')
    this.#given = body as Given
  }

  has(field: string): boolean {
    return this.#given[field] !== undefined
  }

  text(field: string): string {
    const value = this.#given[field]
    if (typeof value === 'string') return value
    this.fault(field, 'is required')
    return ''
  }

  name(field: string): string {
    const value = this.text(field).trim()
    if (this.#given[field] !== undefined && value === '') this.fault(field, 'must not be blank')
    if (value.length > MAX_NAME) this.fault(field, `must not be longer than ${MAX_NAME} characters`)
    return value
  }

  /** May be missing or empty. */
  description(field: string): string {
    return this.#given[field] === undefined || this.#given[field] === '' ? '' : this.name(field)
  }

  email(field: string): string {
    const value = this.name(field)
    if (value !== '' && !isEmail(value)) this.fault(field, 'must be an e-mail address')
    return value
  }

  newPassword(field: string): string {
    const value = this.text(field)
    if (value !== '' || this.has(field)) {
      if ([...value].length < MIN_PASSWORD) this.fault(field, `must have at least ${MIN_PASSWORD} characters`)
      if (value.length > MAX_PASSWORD) this.fault(field, `must not be longer than ${MAX_PASSWORD} characters`)
    }
    return value
  }

  timeZone(field: string): string {
    const value = this.text(field)
    if (value !== '' && !isTimeZone(value)) this.fault(field, 'is not a time zone that is known')
    return value
  }

  locale(field: string): string {
    const value = this.text(field)
    if (value !== '' && !LOCALES.some(known => known === value))
      this.fault(field, 'is not one of those there are')
    return value
  }

  /** SendPortal calls everybody a member who is no owner, and lets them do all but manage people. */
  role<T extends 'owner' | 'admin' | 'viewer'>(field: string, allowed: readonly T[]): T {
    const admin = allowed.find(value => value === 'admin')
    return this.#given[field] === 'member' && admin !== undefined ? admin : this.oneOf(field, allowed)
  }

  oneOf<T extends string>(field: string, allowed: readonly T[]): T {
    const found = allowed.find(value => value === this.#given[field])
    if (found === undefined) this.fault(field, `must be ${allowed.join(' or ')}`)
    return found ?? (allowed[0] as T)
  }

  fault(field: string, message: string): void {
    const faults = (this.#faults[field] ??= [])
    if (faults.length === 0) faults.push(message)
  }

  /** @throws Problem `invalid` */
  check(): void {
    if (Object.keys(this.#faults).length > 0) throw new Problem('invalid', '', { fields: this.#faults })
  }
}

/** The mail server of the domain knows the rest; `owner@localhost` is fine. */
export function isEmail(text: string): boolean {
  return /^[^\s@<>(),;:"\\]+@[^\s@<>(),;:"\\]+$/.test(text)
}
