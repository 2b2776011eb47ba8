import type { CampaignFieldsWire } from '../../../server/send/api/campaigns-wire.ts'
import {
  type Campaign,
  type CampaignFields,
  changeCampaign,
  createCampaign,
  fetchCampaign,
} from '../../calls/campaigns.ts'
import { CallError } from '../../calls/http.ts'
import { changesBetween, type FieldName, fieldsOf, merged, picked, said } from './campaign-fields.ts'
import { forgetFields, keepFields, keptFields } from './kept-fields.ts'

/** After the last letter. */
const PAUSE_MS = 600
const AGAIN_AFTER_MS = 4_000

/** A draft while it is worked on. Whatever is changed is saved by itself, one call at a time. */
export interface CopyState {
  /** Null: the server does not know of it yet. */
  id: number | null
  fields: CampaignFields
  /** `updated_at` of what is saved; empty while nothing is. */
  version: string
  phase: 'saved' | 'unsaved' | 'saving' | 'failed'
  /** Why it could not be saved; tried again by itself where that can help. */
  failure: Error | null
  /** What the server refused, by field; not sent again until it is changed. */
  faults: Partial<Record<FieldName, string>>
  /** Somebody else wrote other things into the same fields: nothing is saved until one has chosen. */
  dispute: { theirs: CampaignFields; names: FieldName[]; at: string } | null
}

export interface WorkingCopy {
  subscribe: (watcher: () => void) => () => void
  state: () => CopyState
  change: (changes: Partial<CampaignFields>) => void
  /** Saves what is not saved yet; answers whether everything is. */
  flush: () => Promise<boolean>
  settle: (dispute: 'mine' | 'theirs') => void
  /** Nothing is saved by itself any more. */
  close: () => void
}

interface Begin {
  /** Null: a new one, with these fields. */
  campaign: Campaign | null
  fields: CampaignFields
  /** Told once, when the server knows of it. */
  onCreated?: (campaign: Campaign) => void
  /** Told when somebody else's changes were taken over. */
  onMerged?: () => void
}

export function openWorkingCopy({ campaign, fields, onCreated, onMerged }: Begin): WorkingCopy {
  let saved = campaign ? fieldsOf(campaign) : fields
  let state: CopyState = {
    id: campaign?.id ?? null,
    fields: saved,
    version: campaign?.updated_at ?? '',
    phase: 'saved',
    failure: null,
    faults: {},
    dispute: null,
  }
  const watchers = new Set<() => void>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<boolean> | undefined
  let closed = false

  const set = (changes: Partial<CopyState>) => {
    state = { ...state, ...changes }
    for (const watcher of watchers) watcher()
  }
  const unsaved = () => {
    const changes = changesBetween(saved, state.fields)
    for (const name of Object.keys(state.faults) as FieldName[]) delete changes[name]
    return changes
  }
  const isSaved = () => Object.keys(changesBetween(saved, state.fields)).length === 0
  const keep = () => {
    if (isSaved()) forgetFields(state.id)
    else keepFields(state.id, { before: saved, mine: state.fields })
  }
  const later = (ms: number) => {
    clearTimeout(timer)
    if (!closed) timer = setTimeout(() => void flush(), ms)
  }

  const change = (changes: Partial<CampaignFields>) => {
    const faults = { ...state.faults }
    for (const name of Object.keys(changes) as FieldName[]) delete faults[name]
    set({
      fields: { ...state.fields, ...changes },
      faults,
      phase: state.phase === 'saving' ? 'saving' : 'unsaved',
    })
    keep()
    later(PAUSE_MS)
  }

  const flush = async (): Promise<boolean> => {
    clearTimeout(timer)
    // What was changed while a call was under way goes with the next.
    if (running) await running
    running ??= save().finally(() => {
      running = undefined
    })
    return running
  }

  const save = async (): Promise<boolean> => {
    while (!state.dispute) {
      const changes = unsaved()
      if (Object.keys(changes).length === 0) break
      set({ phase: 'saving', failure: null })
      try {
        await sendOff(changes)
        keep()
      } catch (error) {
        if (!(await overcome(error as Error, changes))) return false
      }
    }
    const whole = isSaved()
    set({ phase: whole ? 'saved' : 'unsaved' })
    keep()
    return whole
  }

  const sendOff = async (changes: Partial<CampaignFields>) => {
    if (state.id === null) {
      const whole = { ...state.fields, name: nameFor(state.fields) }
      for (const name of Object.keys(state.faults) as FieldName[]) delete (whole as CampaignFieldsWire)[name]
      const made = await createCampaign(whole)
      forgetFields(null)
      saved = { ...fieldsOf(made), ...changes }
      set({ id: made.id, version: made.updated_at })
      onCreated?.(made)
      return
    }
    const { updated_at, ...answer } = await changeCampaign(state.id, { ...changes, version: state.version })
    // What was typed counts as saved as it was typed: the server cuts off spaces that may only be the beginning of a word.
    saved = { ...fieldsOf({ ...answer, updated_at }), ...changes }
    set({ version: updated_at })
  }

  /** Answers whether it is worth going on at once. */
  const overcome = async (error: Error, changes: Partial<CampaignFields>): Promise<boolean> => {
    if (error instanceof CallError && error.status === 422) {
      const refused = (Object.keys(changes) as FieldName[]).filter(name => error.fields[name]?.[0])
      if (refused.length > 0) {
        const faults = Object.fromEntries(
          refused.map(name => [name, said(name, error.fields[name]?.[0] ?? '')]),
        )
        set({ faults: { ...state.faults, ...faults } })
        return !refused.includes('name') || state.id !== null
      }
    }
    if (error instanceof CallError && error.status === 409 && state.id !== null) {
      try {
        const theirs = await fetchCampaign(state.id)
        if (theirs.status === 'draft') return take(theirs)
      } catch {
        // Then it is told as it is.
      }
    }
    set({ phase: 'failed', failure: error })
    keep()
    if (error instanceof CallError && (error.status === 0 || error.status >= 500 || error.status === 429))
      later(AGAIN_AFTER_MS)
    return false
  }

  /** Puts what is here on top of what is there now. */
  const take = (found: Campaign): boolean => {
    const theirs = fieldsOf(found)
    const { fields: both, disputed } = merged(saved, state.fields, theirs)
    if (disputed.length > 0) {
      set({ dispute: { theirs, names: disputed, at: found.updated_at }, phase: 'unsaved' })
      keep()
      return false
    }
    saved = theirs
    set({ fields: both, version: found.updated_at })
    onMerged?.()
    return true
  }

  const settle = (whose: 'mine' | 'theirs') => {
    if (!state.dispute) return
    const { theirs, names, at } = state.dispute
    const { fields: both } = merged(saved, state.fields, theirs)
    saved = theirs
    set({
      fields: whose === 'mine' ? both : { ...both, ...picked(theirs, names) },
      version: at,
      dispute: null,
      phase: 'unsaved',
    })
    void flush()
  }

  const left = keptFields(state.id)
  if (left) {
    const theirs = saved
    const { fields: both, disputed } = merged(left.before, left.mine, theirs)
    if (disputed.length > 0) {
      saved = left.before
      set({ fields: left.mine, phase: 'unsaved', dispute: { theirs, names: disputed, at: state.version } })
    } else if (Object.keys(changesBetween(saved, both)).length > 0) {
      set({ fields: both, phase: 'unsaved' })
      later(PAUSE_MS)
    } else forgetFields(state.id)
  }

  return {
    subscribe: watcher => {
      closed = false
      watchers.add(watcher)
      return () => void watchers.delete(watcher)
    },
    state: () => state,
    change,
    flush,
    settle,
    close: () => {
      closed = true
      clearTimeout(timer)
    },
  }
}

/** A campaign has to be called something from the beginning. */
function nameFor({ name, subject }: CampaignFields): string {
  return name.trim() || subject.trim().slice(0, 255) || 'Untitled campaign'
}
