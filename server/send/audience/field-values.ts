import { storable } from '../../accounts/storable.ts'
import type { CustomField } from './custom-fields.ts'
import type { FieldValues } from './subscribers.ts'

export type FieldValue = FieldValues[string]

/** Null: there is none, or it is taken away. */
type Read = { value: FieldValue | null } | { fault: string }

/** Of a text. More is no field but a document. */
const MAX_TEXT = 2000

/** Of a program, which says what it means: a number is a number and an option is written as it is. */
export function readFieldValue(field: CustomField, given: unknown): Read {
  if (given === null) return { value: null }
  switch (field.kind) {
    case 'text':
      return typeof given === 'string' ? textOf(given) : { fault: 'must be text' }
    case 'number':
      return typeof given === 'number' && Number.isFinite(given)
        ? { value: given }
        : { fault: 'must be a number' }
    case 'boolean':
      return typeof given === 'boolean' ? { value: given } : { fault: 'must be true or false' }
    case 'date':
      return typeof given === 'string' && isDay(given)
        ? { value: given }
        : { fault: 'must be a date as 2026-12-24' }
    case 'one_of':
      return typeof given === 'string' && field.options.includes(given)
        ? { value: given }
        : { fault: `must be one of ${named(field.options)}` }
    case 'many_of':
      if (!Array.isArray(given) || !given.every(each => field.options.includes(each as string)))
        return { fault: `must be a list of ${named(field.options)}` }
      return chosen(field, given as string[])
  }
}

/** Of a person or a file, who write it in their own way; what could mean two things is refused. Empty: no value. */
export function readFieldText(field: CustomField, given: string): Read {
  const text = given.trim()
  if (text === '') return { value: null }
  switch (field.kind) {
    case 'text':
      return textOf(text)
    case 'number': {
      const value = numberIn(text)
      return value === undefined ? { fault: 'must be a number' } : { value }
    }
    case 'boolean':
      if (/^(1|true|t|yes|y|on|x)$/i.test(text)) return { value: true }
      if (/^(0|false|f|no|n|off)$/i.test(text)) return { value: false }
      return { fault: 'must be yes or no' }
    case 'date': {
      const value = dayIn(text)
      return value === undefined ? { fault: 'must be a date as 2026-12-24' } : { value }
    }
    case 'one_of': {
      const value = optionFor(field, text)
      return value === undefined ? { fault: `must be one of ${named(field.options)}` } : { value }
    }
    case 'many_of': {
      const whole = optionFor(field, text)
      if (whole !== undefined) return { value: [whole] }
      const found = piecesOf(text).map(piece => optionFor(field, piece))
      return found.includes(undefined)
        ? { fault: `must be some of ${named(field.options)}` }
        : chosen(field, found as string[])
    }
  }
}

/**
 * Reads an object of values by key.
 * @returns the faults under `fields.<key>`, as a refusal names them
 */
export function checkFields(
  fields: readonly CustomField[],
  given: unknown,
): { values: Record<string, FieldValue | null>; faults: Record<string, string[]> } {
  const values: Record<string, FieldValue | null> = {}
  const faults: Record<string, string[]> = {}
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return { values, faults: { fields: ['must be an object'] } }
  const byKey = new Map(fields.map(field => [field.key, field]))
  for (const [key, value] of Object.entries(given)) {
    const field = byKey.get(key)
    const read =
      field === undefined ? { fault: 'is no field of this workspace' } : readFieldValue(field, value)
    if ('fault' in read) faults[`fields.${key}`] = [read.fault]
    else values[key] = read.value
  }
  return { values, faults }
}

/** Those that are there, for somebody who has none yet. */
export function presentValues(values: Readonly<Record<string, FieldValue | null>>): FieldValues {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, FieldValue] => entry[1] !== null),
  )
}

function textOf(given: string): Read {
  const value = storable(given)
  if (value === '') return { value: null }
  return value.length > MAX_TEXT ? { fault: `must not be longer than ${MAX_TEXT} characters` } : { value }
}

function chosen(field: CustomField, given: readonly string[]): Read {
  // In the order of the options: the same choice is always the same value.
  const value = field.options.filter(option => given.includes(option))
  return { value: value.length === 0 ? null : value }
}

function optionFor(field: CustomField, text: string): string | undefined {
  return (
    field.options.find(option => option === text) ??
    field.options.find(option => option.toLowerCase() === text.toLowerCase())
  )
}

/** By `;` or `|` if there is one, else by commas; or a JSON array, as exports of other systems have it. */
function piecesOf(text: string): string[] {
  if (text.startsWith('['))
    try {
      const list: unknown = JSON.parse(text)
      if (Array.isArray(list)) return list.map(String)
    } catch {
      // Brackets can stand in an option.
    }
  return text
    .split(/[;|]/.test(text) ? /[;|]/ : ',')
    .map(piece => piece.trim())
    .filter(piece => piece !== '')
}

/** `1,5` and `1.5` have a fraction, `1 234`, `1,234,567`, `1,234.5` and `1.234,5` have thousands; `1,234` could be either. */
function numberIn(text: string): number | undefined {
  const bare = text.replace(/(?<=\d)[\s'’](?=\d{3}(?!\d))/gu, '')
  const normal = /^[+-]?\d{1,3}(,\d{3})+\.\d+$|^[+-]?\d{1,3}(,\d{3}){2,}$/.test(bare)
    ? bare.replaceAll(',', '')
    : /^[+-]?\d{1,3}(\.\d{3})+,\d+$|^[+-]?\d{1,3}(\.\d{3}){2,}$/.test(bare)
      ? bare.replaceAll('.', '').replace(',', '.')
      : /^[+-]?[1-9]\d{0,2},\d{3}$/.test(bare)
        ? ''
        : bare.replace(/^([+-]?\d+),(\d+)$/, '$1.$2')
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(normal)) return undefined
  const value = Number(normal)
  return Number.isFinite(value) ? value : undefined
}

/** With points the day comes first. With strokes both ways are in use: one of the two numbers must be above twelve. */
function dayIn(text: string): string | undefined {
  const iso = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ]\d{2}:\d{2}.*)?$/.exec(text)
  if (iso) return day(iso[1], iso[2], iso[3])
  const points = /^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})$/.exec(text)
  if (points) return day(points[3], points[2], points[1])
  const strokes = /^(\d{1,2})[/-](\d{1,2})[/-](\d{4})$/.exec(text)
  if (!strokes) return undefined
  const [, a, b, year] = strokes
  if (Number(a) > 12 || a === b) return day(year, b, a)
  return Number(b) > 12 ? day(year, a, b) : undefined
}

function day(year = '', month = '', of = ''): string | undefined {
  const text = `${year}-${month.padStart(2, '0')}-${of.padStart(2, '0')}`
  return isDay(text) ? text : undefined
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const at = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)
}

function named(options: readonly string[]): string {
  const shown = options.slice(0, 5).map(option => `“${option}”`)
  return shown.join(', ') + (options.length > shown.length ? ' …' : '')
}
