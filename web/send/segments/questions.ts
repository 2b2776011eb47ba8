import type { FieldKind, FieldWire } from '../../calls/fields.ts'
import type { SegmentCondition } from '../../calls/segments.ts'
import { STATUS_NAMES } from '../status.tsx'

/** What a test is compared with, and so which control asks for it. */
export type Wants =
  | 'nothing'
  | 'text'
  | 'texts'
  | 'number'
  | 'numbers'
  | 'date'
  | 'dates'
  | 'days'
  | 'choice'
  | 'choices'
  | 'tags'
  | 'span'

interface Test {
  is: string
  label: string
  wants: Wants
}

/** Something that can be asked of a person. */
export interface Subject {
  /** `email`, `tag`, …; of a custom field `field:<key>`. */
  id: string
  label: string
  tests: readonly Test[]
  /** Of choices: what they are called. */
  choices?: readonly { value: string; label: string }[]
}

const test = (is: string, label: string, wants: Wants = 'nothing'): Test => ({ is, label, wants })

const KNOWN = [test('is_set', 'is known'), test('is_not_set', 'is not known')]
const TEXT = [
  test('equals', 'is', 'text'),
  test('not_equals', 'is not', 'text'),
  test('contains', 'contains', 'text'),
  test('not_contains', 'does not contain', 'text'),
  test('starts_with', 'starts with', 'text'),
  test('ends_with', 'ends with', 'text'),
  test('one_of', 'is one of', 'texts'),
  ...KNOWN,
]
const INSTANT = [
  test('in_last_days', 'is in the last', 'days'),
  test('more_than_days_ago', 'is more than', 'days'),
  test('on', 'is on', 'date'),
  test('before', 'is before', 'date'),
  test('after', 'is after', 'date'),
  test('between', 'is between', 'dates'),
]
const OF_KIND: Record<FieldKind, readonly Test[]> = {
  text: TEXT,
  number: [
    test('equals', 'is', 'number'),
    test('not_equals', 'is not', 'number'),
    test('greater', 'is more than', 'number'),
    test('greater_or_equal', 'is at least', 'number'),
    test('less', 'is less than', 'number'),
    test('less_or_equal', 'is at most', 'number'),
    test('between', 'is between', 'numbers'),
    ...KNOWN,
  ],
  boolean: [test('is_true', 'is yes'), test('is_false', 'is no'), ...KNOWN],
  date: [
    ...INSTANT,
    test('in_next_days', 'is in the next', 'days'),
    test('anniversary', 'has its anniversary today'),
    ...KNOWN,
  ],
  one_of: [
    test('equals', 'is', 'choice'),
    test('not_equals', 'is not', 'choice'),
    test('one_of', 'is one of', 'choices'),
    test('none_of', 'is none of', 'choices'),
    ...KNOWN,
  ],
  many_of: [
    test('includes_any', 'has any of', 'choices'),
    test('includes_all', 'has all of', 'choices'),
    test('includes_none', 'has none of', 'choices'),
    ...KNOWN,
  ],
}
const AMONG = [test('one_of', 'is', 'choices'), test('none_of', 'is not', 'choices')]
const SOURCE_NAMES = { web: 'By hand', form: 'Sign-up form', import: 'Import', api: 'API' }

const choices = (names: Record<string, string>) =>
  Object.entries(names).map(([value, label]) => ({ value, label }))

const OWN: { heading: string; subjects: readonly Subject[] }[] = [
  {
    heading: 'What they did',
    subjects: [
      {
        id: 'activity',
        label: 'Activity',
        tests: [
          test('opened_any', 'opened any of', 'span'),
          test('opened_all', 'opened all of', 'span'),
          test('opened_none', 'opened none of', 'span'),
          test('clicked_any', 'clicked in any of', 'span'),
          test('clicked_all', 'clicked in all of', 'span'),
          test('clicked_none', 'clicked in none of', 'span'),
          test('received_any', 'received any of', 'span'),
          test('received_none', 'received none of', 'span'),
        ],
      },
    ],
  },
  {
    heading: 'How they stand',
    subjects: [
      {
        id: 'tag',
        label: 'Tags',
        tests: [
          test('has_any', 'has any of', 'tags'),
          test('has_all', 'has all of', 'tags'),
          test('has_none', 'has none of', 'tags'),
        ],
      },
      { id: 'status', label: 'Status', tests: AMONG, choices: choices(STATUS_NAMES) },
      { id: 'status_at', label: 'Status since', tests: [...INSTANT, ...KNOWN] },
      { id: 'created_at', label: 'Added', tests: INSTANT },
      { id: 'source', label: 'Came by', tests: AMONG, choices: choices(SOURCE_NAMES) },
    ],
  },
  {
    heading: 'Who they are',
    subjects: [
      { id: 'email', label: 'Email', tests: TEXT },
      { id: 'domain', label: 'Domain of the email', tests: TEXT },
      { id: 'first_name', label: 'First name', tests: TEXT },
      { id: 'last_name', label: 'Last name', tests: TEXT },
    ],
  },
]

export interface Questions {
  groups: { heading: string; subjects: readonly Subject[] }[]
  subject: (id: string) => Subject | undefined
}

/** All that can be asked where these fields are. */
export function questionsAbout(fields: readonly FieldWire[]): Questions {
  const ofFields = fields.map(({ key, label, kind, options }) => ({
    id: `field:${key}`,
    label,
    tests: OF_KIND[kind],
    choices: options.map(value => ({ value, label: value })),
  }))
  const groups = ofFields.length > 0 ? [...OWN, { heading: 'Fields', subjects: ofFields }] : OWN
  const all = new Map(groups.flatMap(group => group.subjects).map(subject => [subject.id, subject]))
  return { groups, subject: id => all.get(id) }
}

export function subjectIdOf(condition: SegmentCondition): string {
  return condition.on === 'field' ? `field:${condition.key}` : condition.on
}
