import { useEffect, useRef, useState } from 'react'
import { CallError } from '../../../calls/http.ts'
import { changeTemplate, type Template, type TemplateDraft } from '../../../calls/templates.ts'
import { toast, toastFailure } from '../../../ui/toasts.tsx'
import { forgetDraft, type KeptDraft, keepDraft, keptDraft } from './kept-draft.ts'

const KEEP_AFTER_MS = 400

export interface WorkingCopy {
  draft: TemplateDraft
  change: (changes: Partial<TemplateDraft>) => void
  /** Not by typing: whoever shows the source reads it anew. */
  exchange: (changes: Partial<TemplateDraft>) => void
  /** The one that was saved last. */
  version: number
  /** Something is not saved yet. */
  dirty: boolean
  saving: boolean
  /** Answers whether it is saved now. */
  save: () => Promise<boolean>
  /** What was left unsaved the last time, until it is taken or thrown away. */
  left: KeptDraft | null
  takeLeft: () => void
  dropLeft: () => void
  /** Goes up when the draft was exchanged as a whole, not by typing. */
  generation: number
}

const partsOf = ({ name, kind, language, source }: TemplateDraft): TemplateDraft => ({
  name,
  kind,
  language,
  source,
})

const same = (one: TemplateDraft, other: TemplateDraft) =>
  one.name === other.name &&
  one.kind === other.kind &&
  one.language === other.language &&
  one.source === other.source

/** A template while it is worked on; every pause keeps what is unsaved in this browser. */
export function useWorkingCopy(template: Template): WorkingCopy {
  const { id } = template
  const [saved, setSaved] = useState(() => partsOf(template))
  const [version, setVersion] = useState(template.version)
  const [draft, setDraft] = useState(saved)
  const [saving, setSaving] = useState(false)
  const [generation, setGeneration] = useState(0)
  const [left, setLeft] = useState(() => {
    const kept = keptDraft(id)
    return kept && !same(kept, partsOf(template)) ? kept : null
  })
  const dirty = !same(draft, saved)
  const latest = useRef(draft)
  latest.current = draft

  useEffect(() => {
    if (left) return
    if (!dirty) return forgetDraft(id)
    const timer = setTimeout(() => keepDraft(id, { ...draft, version, at: Date.now() }), KEEP_AFTER_MS)
    return () => clearTimeout(timer)
  }, [id, draft, dirty, version, left])

  const save = async () => {
    if (saving) return false
    const sent = latest.current
    if (same(sent, saved)) return true
    if (!sent.name.trim()) {
      toastFailure('Please give the template a name.', undefined)
      return false
    }
    setSaving(true)
    try {
      const answer = await changeTemplate(id, { ...sent, name: sent.name.trim() })
      // The server may spell some things its own way; what was typed meanwhile stays.
      setSaved(partsOf(answer))
      setVersion(answer.version)
      setDraft(now => (same(now, sent) ? partsOf(answer) : now))
      setLeft(null)
      toast(`Saved as version ${answer.version}.`)
      return true
    } catch (error) {
      const inName = error instanceof CallError ? error.fields.name?.[0] : undefined
      toastFailure('Not saved.', inName ? new Error(inName) : error)
      return false
    } finally {
      setSaving(false)
    }
  }

  return {
    draft,
    change: changes => setDraft(now => ({ ...now, ...changes })),
    exchange: changes => {
      setDraft(now => ({ ...now, ...changes }))
      setGeneration(now => now + 1)
    },
    version,
    dirty,
    saving,
    save,
    left,
    takeLeft: () => {
      if (left) setDraft(partsOf(left))
      setLeft(null)
      setGeneration(now => now + 1)
    },
    dropLeft: () => setLeft(null),
    generation,
  }
}
