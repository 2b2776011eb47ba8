import { Calendar, CircleDot, Hash, ListChecks, type LucideIcon, ToggleLeft, Type } from 'lucide-react'
import type { FieldKind } from '../../calls/fields.ts'

/** The kinds of custom fields in the words of the screens, in the order they are offered. */
export const FIELD_KINDS: Record<FieldKind, { name: string; about: string; icon: LucideIcon }> = {
  text: { name: 'Text', about: 'A city, a company', icon: Type },
  number: { name: 'Number', about: 'Orders, points, an age', icon: Hash },
  date: { name: 'Date', about: 'A birthday, the end of a trial', icon: Calendar },
  boolean: { name: 'Yes or no', about: 'Is a customer', icon: ToggleLeft },
  one_of: { name: 'One of', about: 'A plan, a language', icon: CircleDot },
  many_of: { name: 'Many of', about: 'Interests', icon: ListChecks },
}

export function isKind(text: string): text is FieldKind {
  return text in FIELD_KINDS
}

export function hasOptions(kind: FieldKind): boolean {
  return kind === 'one_of' || kind === 'many_of'
}
