import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createLog } from '../log.ts'
import { StorageFault } from '../storage/faults.ts'
import { createTrouble } from './trouble.ts'

const full = new StorageFault('full', 'database or disk is full', 'SQLITE_FULL')
const noSpool = Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT', syscall: 'open' })

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function watched() {
  const lines: { level: string; message: string; refused?: number }[] = []
  const trouble = createTrouble(
    createLog({ level: 'info', human: false, write: line => lines.push(JSON.parse(line)) }),
  )
  return { trouble, lines, said: () => lines.map(line => line.message) }
}

it('says each reason once for any number of refusals, and how many there were when it is over', () => {
  const { trouble, lines, said } = watched()
  for (let i = 0; i < 1_000; i++) trouble.met(i % 2 ? full : noSpool, 'a')
  trouble.over()
  expect(said()).toEqual(['mail is refused for now', 'mail is refused for now'])
  vi.advanceTimersByTime(1_000)
  trouble.over()
  trouble.over()
  expect(lines.slice(2)).toMatchObject([{ message: 'mail is kept again', refused: 1_000 }])
})

it('says it again every minute', () => {
  const { trouble, said } = watched()
  for (let second = 0; second <= 120; second++) {
    trouble.met(full, 'a')
    vi.advanceTimersByTime(1_000)
  }
  expect(said()).toHaveLength(3)
})

it('says each fault of ours, in full', () => {
  const { trouble, said } = watched()
  trouble.met(new TypeError('x is not a function'), 'a')
  trouble.met(new StorageFault('bug', 'no such column', 'SQLITE_ERROR'), 'b')
  expect(said()).toEqual(['an SMTP session failed', 'an SMTP session failed'])
})
