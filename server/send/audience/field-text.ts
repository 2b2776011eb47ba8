import type { CustomField } from './custom-fields.ts'
import type { FieldValue } from './field-values.ts'

const YES_AND_NO: Record<string, [yes: string, no: string]> = {
  de: ['ja', 'nein'],
  es: ['sí', 'no'],
  fr: ['oui', 'non'],
}

/** Writes the values of one field for a reader: `24 December 2026`, `1,234.5`, `yes`, `red and blue`. */
export function fieldWriter(kind: CustomField['kind'], locale: string): (value: FieldValue) => string {
  switch (kind) {
    case 'number': {
      const format = new Intl.NumberFormat(known(locale), { maximumFractionDigits: 10 })
      // Half a microsecond for each number of each mail, and most are small and whole: those look alike everywhere.
      return value =>
        typeof value === 'number' && !(Number.isInteger(value) && Math.abs(value) < 1000)
          ? format.format(value)
          : String(value)
    }
    case 'boolean': {
      const [yes, no] = YES_AND_NO[locale.slice(0, 2).toLowerCase()] ?? ['yes', 'no']
      return value => (value === true ? yes : no)
    }
    case 'date': {
      const format = new Intl.DateTimeFormat(known(locale), { dateStyle: 'long', timeZone: 'UTC' })
      return value => {
        const at = Date.parse(`${String(value)}T00:00:00Z`)
        return Number.isNaN(at) ? String(value) : format.format(at)
      }
    }
    case 'many_of': {
      const format = new Intl.ListFormat(known(locale), { type: 'conjunction' })
      return value => (Array.isArray(value) ? format.format(value) : String(value))
    }
    case 'text':
    case 'one_of':
      return String
  }
}

/** English is written as most of the world writes it: the day first. */
function known(locale: string): string {
  if (locale === '' || locale.toLowerCase() === 'en') return 'en-GB'
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? 'en-GB'
  } catch {
    return 'en-GB'
  }
}
