import type { SegmentCondition, SegmentDefinition } from '../../calls/segments.ts'
import { readableDay } from '../../ui/time.ts'
import { counted } from '../../ui/size.ts'
import { type Questions, subjectIdOf, type Wants } from './questions.ts'

/** A definition in words, as one line. */
export function said(
  definition: SegmentDefinition,
  questions: Questions,
  tags: ReadonlyMap<number, string>,
): string {
  if (definition.conditions.length === 0) return definition.not ? 'Nobody' : 'Everybody'
  const text = groupSaid(definition, questions, tags)
  const whole = definition.not ? `not (${text})` : text
  return (whole[0]?.toUpperCase() ?? '') + whole.slice(1)
}

function groupSaid(
  { match, conditions }: SegmentDefinition,
  questions: Questions,
  tags: ReadonlyMap<number, string>,
): string {
  return conditions
    .map(part => {
      if (!('conditions' in part)) return conditionSaid(part, questions, tags)
      if (part.conditions.length === 0) return part.not ? 'nobody' : 'everybody'
      const text = groupSaid(part, questions, tags)
      return part.not ? `not (${text})` : part.conditions.length > 1 ? `(${text})` : text
    })
    .join(match === 'all' ? ', and ' : ', or ')
}

function conditionSaid(
  condition: SegmentCondition,
  questions: Questions,
  tags: ReadonlyMap<number, string>,
): string {
  const subject = questions.subject(subjectIdOf(condition))
  const test = subject?.tests.find(one => one.is === condition.is)
  if (!subject || !test) return 'a field that is no longer there'
  if (condition.on === 'activity') return `${test.label} ${spanSaid(condition)}`
  if (condition.on === 'tag')
    return `${test.label} ${listed(condition.value.map(id => tags.get(id) ?? 'a deleted tag'))}`
  const name = (value: string | number) =>
    subject.choices?.find(choice => choice.value === value)?.label ?? String(value)
  const value = 'value' in condition ? condition.value : undefined
  return [subject.label, test.label, valueSaid(test.wants, condition.is, value, name)]
    .filter(Boolean)
    .join(' ')
}

function valueSaid(
  wants: Wants,
  is: string,
  value: string | number | (string | number)[] | undefined,
  name: (value: string | number) => string,
): string {
  if (value === undefined) return ''
  if (wants === 'days') return counted(Number(value), 'day') + (is === 'more_than_days_ago' ? ' ago' : '')
  const written = [value].flat().map(one => (wants.startsWith('date') ? readableDay(String(one)) : name(one)))
  return is === 'between' ? written.join(' and ') : listed(written)
}

function spanSaid(condition: Extract<SegmentCondition, { on: 'activity' }>): string {
  if ('last' in condition)
    return condition.last === 1 ? 'the last campaign' : `the last ${counted(condition.last, 'campaign')}`
  if ('days' in condition) return `the campaigns of the last ${counted(condition.days, 'day')}`
  return 'all campaigns'
}

const MOST_NAMED = 4

function listed(names: string[]): string {
  const more = names.length - MOST_NAMED
  if (more > 1) return `${names.slice(0, MOST_NAMED).join(', ')} or ${more} others`
  return [names.slice(0, -1).join(', '), names.at(-1)].filter(Boolean).join(' or ')
}
