import type { ImportTarget } from '../../../server/send/api/imports-wire.ts'
import type { FieldWire } from '../../calls/fields.ts'

/** What a column can become, without custom fields. */
export const TARGETS: [to: ImportTarget, name: string][] = [
  ['ignore', 'Ignore'],
  ['email', 'Email'],
  ['first_name', 'First name'],
  ['last_name', 'Last name'],
  ['name', 'Full name'],
  ['tags', 'Tags'],
  ['status', 'Status'],
  ['unsubscribed_at', 'Unsubscribed at'],
  ['created_at', 'Added at'],
  ['attributes', 'Attributes (JSON)'],
  ['id', 'Subscriber id'],
]

/** Kinds whose values can be read from a file without knowing more. */
export const NEW_KINDS = { text: 'Text', number: 'Number', date: 'Date', boolean: 'Yes or no' } as const

export function newFieldIn(to: ImportTarget): { kind: string; label: string } | undefined {
  const [, kind, label] = /^new_field:(\w+):(.+)$/s.exec(to) ?? []
  return kind && label ? { kind, label } : undefined
}

export function targetName(to: ImportTarget, fields: readonly FieldWire[]): string {
  const made = newFieldIn(to)
  if (made) return made.label
  if (to.startsWith('field:')) {
    const key = to.slice('field:'.length)
    return fields.find(field => field.key === key)?.label ?? key
  }
  return TARGETS.find(([value]) => value === to)?.[1] ?? to
}
