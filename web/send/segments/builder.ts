import { useEffect, useRef, useState } from 'react'
import {
  conditionsIn,
  type DraftGroup,
  type DraftPart,
  emptyGroup,
  MOST_CONDITIONS,
  newCondition,
  withPart,
} from './draft.ts'
import type { Questions, Subject } from './questions.ts'

/** What the parts of the builder work with. */
export interface Builder {
  draft: DraftGroup
  questions: Questions
  tags: ReadonlyMap<number, string>
  /** It was to be saved: what is missing is shown. */
  asked: boolean
  /** No more conditions fit. */
  full: boolean
  change: (id: number, change: (part: DraftPart) => DraftPart) => void
  remove: (id: number) => void
  add: (groupId: number, subject: Subject) => void
  addGroup: (groupId: number) => void
}

export function useBuilder(start: DraftGroup, known: Pick<Builder, 'questions' | 'tags' | 'asked'>): Builder {
  const [draft, setDraft] = useState(start)
  const wanted = useRef<string>(undefined)
  useEffect(() => {
    // Whoever works by keyboard goes on where something came, or went.
    if (wanted.current === undefined) return
    document.querySelector<HTMLElement>(`[data-part="${wanted.current}"]`)?.focus()
    wanted.current = undefined
  })
  const inside = (id: number, change: (part: DraftPart) => DraftPart | undefined) =>
    setDraft(now =>
      now.id === id ? ((change(now) as DraftGroup | undefined) ?? now) : withPart(now, id, change),
    )
  const append = (groupId: number, part: DraftPart, focus: number) => {
    wanted.current = String(focus)
    inside(groupId, group => ('parts' in group ? { ...group, parts: [...group.parts, part] } : group))
  }
  return {
    ...known,
    draft,
    full: conditionsIn(draft).length >= MOST_CONDITIONS,
    change: inside,
    remove: id => {
      wanted.current = `add-${parentOf(draft, id)}`
      inside(id, () => undefined)
    },
    add: (groupId, subject) => {
      const condition = newCondition(subject)
      append(groupId, condition, condition.id)
    },
    addGroup: groupId => {
      const [subject] = known.questions.groups[1]?.subjects ?? []
      if (!subject) return
      // The other way round: a group that is joined like the one around it says nothing.
      const around = groupIn(draft, groupId)
      const condition = newCondition(subject)
      const group = { ...emptyGroup(around?.match === 'all' ? 'any' : 'all'), parts: [condition] }
      append(groupId, group, condition.id)
    },
  }
}

function groupIn(group: DraftGroup, id: number): DraftGroup | undefined {
  if (group.id === id) return group
  for (const part of group.parts) {
    const found = 'parts' in part ? groupIn(part, id) : undefined
    if (found) return found
  }
  return undefined
}

function parentOf(group: DraftGroup, id: number): number {
  for (const part of group.parts) {
    if (part.id === id) return group.id
    if ('parts' in part) {
      const found = parentOf(part, id)
      if (found !== -1) return found
    }
  }
  return -1
}
