import { expect, it } from 'vitest'
import type { SegmentDefinition } from '../../calls/segments.ts'
import { conditionsIn, definitionOf, draftOf, emptyGroup, newCondition, withPart } from './draft.ts'
import { questionsAbout } from './questions.ts'
import { said } from './said.ts'

const questions = questionsAbout([
  { id: 1, key: 'age', label: 'Age', kind: 'number', options: [], position: 0 },
  { id: 2, key: 'plan', label: 'Plan', kind: 'one_of', options: ['Free', 'Pro'], position: 1 },
  { id: 3, key: 'birthday', label: 'Birthday', kind: 'date', options: [], position: 2 },
])
const tags = new Map([
  [4, 'VIP'],
  [5, 'Press'],
])

const DEFINITION: SegmentDefinition = {
  match: 'all',
  conditions: [
    { on: 'status', is: 'one_of', value: ['subscribed', 'pending'] },
    { on: 'activity', is: 'opened_any', last: 3 },
    {
      match: 'any',
      not: true,
      conditions: [
        { on: 'tag', is: 'has_any', value: [4, 5] },
        { on: 'field', key: 'age', is: 'between', value: [18, 30] },
        { on: 'field', key: 'plan', is: 'equals', value: 'Pro' },
        { on: 'field', key: 'birthday', is: 'anniversary' },
        { on: 'domain', is: 'one_of', value: ['example.com', 'example.org'] },
        { on: 'activity', is: 'clicked_none', ever: true },
        { on: 'created_at', is: 'in_last_days', value: 30 },
      ],
    },
  ],
}

it('gives back the definition that it was made from', () => {
  expect(definitionOf(draftOf(DEFINITION), questions)).toEqual(DEFINITION)
})

it('is no definition while something is missing, or about a field that is gone', () => {
  const draft = draftOf(DEFINITION)
  const [, , age] = conditionsIn(draft).filter(condition => condition.subject !== 'status')
  const emptied = withPart(draft, age?.id ?? 0, part => ({ ...part, to: ' ' }))
  expect(definitionOf(emptied, questions)).toBeUndefined()
  expect(
    definitionOf(
      withPart(draft, age?.id ?? 0, () => undefined),
      questions,
    )?.conditions,
  ).toHaveLength(3)
  expect(definitionOf(draft, questionsAbout([]))).toBeUndefined()
  const email = questions.subject('email') ?? expect.fail('no such subject')
  expect(definitionOf({ ...emptyGroup(), parts: [newCondition(email)] }, questions)).toBeUndefined()
  expect(definitionOf(emptyGroup(), questions)).toEqual({ match: 'all', conditions: [] })
})

it('is said in words', () => {
  expect(said(DEFINITION, questions, tags)).toBe(
    'Status is Subscribed or Pending, and opened any of the last 3 campaigns, and not (has any of VIP or Press, or ' +
      'Age is between 18 and 30, or Plan is Pro, or Birthday has its anniversary today, or Domain of the email is one ' +
      'of example.com or example.org, or clicked in none of all campaigns, or Added is in the last 30 days)',
  )
  expect(said({ match: 'any', conditions: [] }, questions, tags)).toBe('Everybody')
  expect(
    said({ match: 'all', conditions: [{ on: 'tag', is: 'has_all', value: [9] }] }, questions, tags),
  ).toBe('Has all of a deleted tag')
})
