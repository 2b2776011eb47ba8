import type { SegmentCondition, SegmentDefinition } from '../../calls/segments.ts'
import { type Questions, type Subject, subjectIdOf, type Wants } from './questions.ts'

/** A definition while somebody works on it: every part has a name of its own, and may be unfinished. */
export interface DraftGroup {
  id: number
  match: 'all' | 'any'
  not: boolean
  parts: DraftPart[]
}

export interface DraftCondition {
  id: number
  subject: string
  is: string
  /** What was typed; `to` is the end of a range. Kept while another test is looked at. */
  text: string
  to: string
  list: string[]
  tagIds: number[]
  span: 'last' | 'days' | 'ever'
}

export type DraftPart = DraftGroup | DraftCondition

export const MOST_CONDITIONS = 100
export const DEEPEST = 5

let last = 0
const nextId = () => ++last

export function isGroup(part: DraftPart): part is DraftGroup {
  return 'parts' in part
}

export function emptyGroup(match: 'all' | 'any' = 'all'): DraftGroup {
  return { id: nextId(), match, not: false, parts: [] }
}

/** About something, with the first of its tests. */
export function newCondition(subject: Subject): DraftCondition {
  return {
    id: nextId(),
    subject: subject.id,
    is: subject.tests[0]?.is ?? '',
    text: '',
    to: '',
    list: [],
    tagIds: [],
    span: 'last',
  }
}

export function draftOf({ match, not, conditions }: SegmentDefinition): DraftGroup {
  return {
    id: nextId(),
    match,
    not: not === true,
    parts: conditions.map(part => ('conditions' in part ? draftOf(part) : conditionDraft(part))),
  }
}

function conditionDraft(condition: SegmentCondition): DraftCondition {
  const draft = {
    id: nextId(),
    subject: subjectIdOf(condition),
    is: condition.is,
    text: '',
    to: '',
    list: [],
    tagIds: [],
    span: 'last' as const,
  }
  if (condition.on === 'activity') {
    if ('last' in condition) return { ...draft, text: String(condition.last) }
    if ('days' in condition) return { ...draft, text: String(condition.days), span: 'days' }
    return { ...draft, span: 'ever' }
  }
  if (condition.on === 'tag') return { ...draft, tagIds: condition.value }
  const { value } = condition
  if (!Array.isArray(value)) return { ...draft, text: value === undefined ? '' : String(value) }
  const list = value.map(String)
  return {
    ...draft,
    list,
    text: condition.is === 'between' ? (list[0] ?? '') : list.join(', '),
    to: list[1] ?? '',
  }
}

/** Undefined: something is not finished. */
export function definitionOf(draft: DraftGroup, questions: Questions): SegmentDefinition | undefined {
  const conditions: SegmentDefinition['conditions'] = []
  for (const part of draft.parts) {
    const made = isGroup(part) ? definitionOf(part, questions) : conditionOf(part, questions)
    if (made === undefined) return undefined
    conditions.push(made)
  }
  return { match: draft.match, ...(draft.not && { not: true as const }), conditions }
}

/** Undefined: it is not finished. */
export function conditionOf(draft: DraftCondition, questions: Questions): SegmentCondition | undefined {
  const wants = wantsOf(draft, questions)
  if (wants === undefined) return undefined
  const value = valueOf(draft, wants)
  if (value === undefined) return undefined
  const [, key] = /^field:(.*)$/.exec(draft.subject) ?? []
  const on = key === undefined ? { on: draft.subject } : { on: 'field', key }
  // Which tests go with which subject is in the table of questions; the server looks again.
  return { ...on, is: draft.is, ...value } as SegmentCondition
}

function wantsOf({ subject, is }: DraftCondition, questions: Questions): Wants | undefined {
  return questions.subject(subject)?.tests.find(test => test.is === is)?.wants
}

function valueOf(draft: DraftCondition, wants: Wants): object | undefined {
  const text = draft.text.trim()
  const to = draft.to.trim()
  switch (wants) {
    case 'nothing':
      return {}
    case 'text':
    case 'choice':
    case 'date':
      return text === '' ? undefined : { value: text }
    case 'texts': {
      const texts = text
        .split(',')
        .map(one => one.trim())
        .filter(Boolean)
      return texts.length === 0 ? undefined : { value: texts }
    }
    case 'number':
      return isNumber(text) ? { value: Number(text) } : undefined
    case 'numbers':
      return isNumber(text) && isNumber(to) ? { value: [Number(text), Number(to)] } : undefined
    case 'dates':
      return text && to ? { value: [text, to] } : undefined
    case 'days':
      return isWhole(text, 0) ? { value: Number(text) } : undefined
    case 'choices':
      return draft.list.length === 0 ? undefined : { value: draft.list }
    case 'tags':
      return draft.tagIds.length === 0 ? undefined : { value: draft.tagIds }
    case 'span':
      if (draft.span === 'ever') return { ever: true }
      return isWhole(text, 1) ? { [draft.span]: Number(text) } : undefined
  }
}

function isNumber(text: string): boolean {
  return text !== '' && Number.isFinite(Number(text))
}

function isWhole(text: string, least: number): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= least
}

/** The same tree with one part changed, or taken out where `change` gives nothing. */
export function withPart(
  group: DraftGroup,
  id: number,
  change: (part: DraftPart) => DraftPart | undefined,
): DraftGroup {
  const parts = group.parts.flatMap(part => {
    if (part.id === id) return change(part) ?? []
    return isGroup(part) ? withPart(part, id, change) : part
  })
  return { ...group, parts }
}

export function conditionsIn(group: DraftGroup): DraftCondition[] {
  return group.parts.flatMap(part => (isGroup(part) ? conditionsIn(part) : part))
}
