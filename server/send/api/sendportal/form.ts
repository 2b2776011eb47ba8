import { Problem } from '../../../problem.ts'
import { dateFrom } from './dates.ts'
import { isEmail } from './email-rule.ts'
import { type Input, membersOf } from './input.ts'

const MAX_TEXT = 255

/**
 * Laravel's rules, with Laravel's texts (contract, section 1.8): each method asks one field, and what is wrong is
 * gathered until `check`. Null and what is not there pass every rule but `required`.
 */
export class Form {
  readonly #given: Input
  /** Fields in the order in which they were asked, which is that of the rules. */
  readonly #errors = new Map<string, string[]>()

  constructor(given: Input) {
    this.#given = given
  }

  /** Whether it was given at all, if only as null. */
  has(field: string): boolean {
    return Object.hasOwn(this.#given, field)
  }

  value(field: string): unknown {
    return this.#given[field] ?? null
  }

  /** @returns whether there is anything to ask further: after this rule failed no other is tried */
  required(field: string, text = `The ${named(field)} field is required.`): boolean {
    const value = this.value(field)
    if (value !== null && membersOf(value)?.length !== 0) return true
    this.fault(field, text)
    return false
  }

  /** @param max characters */
  text(field: string, max = MAX_TEXT): string | null {
    const value = this.value(field)
    if (value === null) return null
    if (typeof value !== 'string') {
      this.fault(field, `The ${named(field)} field must be a string.`)
      return null
    }
    // Of ten megabytes not every character is counted.
    if (value.length > max && (value.length > 2 * max || [...value].length > max))
      this.fault(field, `The ${named(field)} field must not be greater than ${max} characters.`)
    return value
  }

  /** As text, but a number is one too. */
  looseText(field: string): string | null {
    const value = this.value(field)
    return typeof value === 'number' ? String(value) : this.text(field)
  }

  email(field: string): string {
    const value = this.value(field)
    if (typeof value === 'string' && isEmail(value)) return value
    this.fault(field, `The ${named(field)} field must be a valid email address.`)
    return ''
  }

  /** @returns null also for one that no row can have */
  integer(field: string): number | null {
    const value = this.value(field)
    if (value === null) return null
    const number = integerIn(value)
    if (number === undefined) {
      this.fault(field, `The ${named(field)} field must be an integer.`)
      return null
    }
    return Number.isSafeInteger(number) ? number : null
  }

  truth(field: string): boolean | null {
    const value = this.value(field)
    if (value === null) return null
    if (value === true || value === 1 || value === '1') return true
    if (value === false || value === 0 || value === '0') return false
    this.fault(field, `The ${named(field)} field must be true or false.`)
    return null
  }

  /** @returns ms since 1970 */
  date(field: string): number | null {
    const value = this.value(field)
    if (value === null) return null
    const date = typeof value === 'string' || typeof value === 'number' ? dateFrom(String(value)) : undefined
    if (date !== undefined) return date
    this.fault(field, `The ${named(field)} field must be a valid date.`)
    return null
  }

  /**
   * A list of ids, each once. What is no integer is no id.
   * @param integers whether it is also said of a member that it must be an integer
   * @returns ids by the keys that they are told of under; null: there is no list
   */
  ids(field: string, integers: boolean): GivenId[] | null {
    const value = this.value(field)
    if (value === null) return null
    const members = membersOf(value)
    if (members === undefined) {
      this.fault(field, `The ${named(field)} field must be an array.`)
      return null
    }
    return members.map(([key, member]) => {
      const name = `${field}.${key}`
      const number = integerIn(member)
      if (integers && number === undefined) this.fault(name, `The ${named(name)} field must be an integer.`)
      const id = number !== undefined && number > 0 && Number.isSafeInteger(number) ? number : undefined
      return { name, id, input: shown(member) }
    })
  }

  fault(field: string, text: string): void {
    const texts = this.#errors.get(field)
    if (texts === undefined) this.#errors.set(field, [text])
    else texts.push(text)
  }

  /** @throws Problem `invalid` */
  check(): void {
    if (this.#errors.size > 0) throw new Problem('invalid', '', { fields: Object.fromEntries(this.#errors) })
  }
}

export interface GivenId {
  /** As errors call it: `tags.0`. */
  name: string
  /** Undefined: no row can have it. */
  id: number | undefined
  /** As it was given. */
  input: string
}

/** As texts call a field. */
function named(field: string): string {
  return field.replaceAll('_', ' ')
}

/** PHP's FILTER_VALIDATE_INT. */
function integerIn(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? value : undefined
  if (value === true) return 1
  if (typeof value !== 'string' || !/^[+-]?(?:0|[1-9]\d{0,18})$/.test(value)) return undefined
  return Number(value)
}

/** Nothing of what could be long, or is no value. */
function shown(member: unknown): string {
  return typeof member === 'object' ? '' : String(member).slice(0, 100)
}
