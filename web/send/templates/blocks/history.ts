import { useReducer } from 'react'

const MOST = 200
/** Changes of one thing in quicker succession than this are one step: a word, not its letters. */
const ONE_STEP_MS = 900

interface State<Value> {
  past: Value[]
  now: Value
  future: Value[]
  /** What was changed last, and when (ms). */
  of: string
  at: number
}

type Action<Value> = { do: 'change'; value: Value; of: string; at: number } | { do: 'undo' } | { do: 'redo' }

export interface History<Value> {
  now: Value
  /** `of` names what is changed; quick changes of the same thing are undone together. Empty: a step of its own. */
  change: (value: Value, of?: string) => void
  undo: () => void
  redo: () => void
  canUndo: boolean
  canRedo: boolean
}

export function step<Value>(state: State<Value>, action: Action<Value>): State<Value> {
  const { past, now, future } = state
  if (action.do === 'change') {
    if (action.value === now) return state
    const on = action.of !== '' && action.of === state.of && action.at - state.at < ONE_STEP_MS
    return {
      past: on ? past : [...past.slice(-MOST + 1), now],
      now: action.value,
      future: [],
      of: action.of,
      at: action.at,
    }
  }
  const from = action.do === 'undo' ? past : future
  const value = from.at(-1)
  if (value === undefined) return state
  return action.do === 'undo'
    ? { past: past.slice(0, -1), now: value, future: [...future, now], of: '', at: 0 }
    : { past: [...past, now], now: value, future: future.slice(0, -1), of: '', at: 0 }
}

export function useHistory<Value>(initial: Value): History<Value> {
  const [state, dispatch] = useReducer(step<Value>, {
    past: [],
    now: initial,
    future: [],
    of: '',
    at: 0,
  })
  return {
    now: state.now,
    change: (value, of = '') => dispatch({ do: 'change', value, of, at: Date.now() }),
    undo: () => dispatch({ do: 'undo' }),
    redo: () => dispatch({ do: 'redo' }),
    canUndo: state.past.length > 0,
    canRedo: state.future.length > 0,
  }
}
