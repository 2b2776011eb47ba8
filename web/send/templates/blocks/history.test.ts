import { expect, it } from 'vitest'
import { step } from './history.ts'

it('takes typing as one step, and other changes one by one', () => {
  let state = { past: [] as string[], now: '', future: [] as string[], of: '', at: 0 }
  const change = (value: string, of: string, at: number) => {
    state = step(state, { do: 'change', value, of, at })
  }
  change('a', 'text', 1000)
  change('ab', 'text', 1200)
  change('abc', 'text', 1400)
  change('ABC', 'case', 1500)
  expect(state.past).toEqual(['', 'abc'])
  state = step(state, { do: 'undo' })
  expect(state.now).toBe('abc')
  state = step(state, { do: 'undo' })
  expect(state.now).toBe('')
  state = step(state, { do: 'redo' })
  expect(state.now).toBe('abc')
  change('abcd', 'text', 1600)
  expect(state.future).toEqual([])
  state = step(state, { do: 'redo' })
  expect(state.now).toBe('abcd')
})
