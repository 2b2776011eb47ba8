import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { HandOverJournal, journalsIn, readJournal } from './hand-over-journal.ts'

const folder = mkdtempSync(join(tmpdir(), 'posthorn-journal-'))
afterAll(() => rmSync(folder, { recursive: true }))

const SENT = {
  is: 'sent',
  answer: { code: 250, enhanced: '2.0.0', text: 'Ok: queued as\r\n< 9 0 sent 250 - - forged' },
  providerId: 'id with spaces/and ünïcode',
} as const
const pathsOf = (node: number) => journalsIn(folder).get(node) ?? []

it('tells what was begun, what was answered, and nothing of what an answer made up', () => {
  const journal = new HandOverJournal(folder, 7)
  journal.begun(1, 0)
  journal.begun(2, 3)
  journal.answered(1, 0, SENT)
  journal.write()
  // Not written yet, and so not handed over.
  journal.begun(3, 0)
  const { entries, isWhole, pid } = readJournal(pathsOf(7))
  expect([...entries.keys()]).toEqual([1, 2])
  expect(entries.get(1)).toEqual({
    attempts: 0,
    ending: {
      ...SENT,
      answer: { ...SENT.answer, text: 'Ok: queued as < 9 0 sent 250 - - forged' },
    },
  })
  expect(entries.get(2)).toEqual({ attempts: 3, ending: undefined })
  expect([isWhole, pid]).toEqual([true, process.pid])
  journal.close()
})

it('takes a line that was being written for one that was not', () => {
  const [path = ''] = pathsOf(7)
  appendFileSync(path, '> 4 0\n> 55')
  expect([...readJournal([path]).entries.keys()]).toEqual([1, 2, 3, 4])
})

it('is no longer whole when the machine was started anew', () => {
  const path = join(folder, '8-0.journal')
  writeFileSync(path, 'node another-boot 1\n> 1 0\n')
  expect(readJournal([path])).toMatchObject({ isWhole: false, pid: 1 })
})

it('goes on in a new file with what is open, and forgets the old one once it is known', () => {
  const journal = new HandOverJournal(folder, 9)
  journal.begun(1, 0)
  journal.begun(2, 0)
  journal.answered(1, 0, SENT)
  journal.turn(5)
  const [first = '', second = ''] = pathsOf(9)
  journal.answered(2, 0, { ...SENT, is: 'deferred' })
  journal.write()
  expect(readFileSync(second, 'utf8')).toContain('> 2 0\n')
  journal.settled(4)
  expect(existsSync(first)).toBe(true)
  expect(readJournal(pathsOf(9)).entries.get(1)?.ending?.is).toBe('sent')
  journal.settled(5)
  expect(existsSync(first)).toBe(false)
  expect(readJournal(pathsOf(9)).entries.get(2)?.ending?.is).toBe('deferred')
  journal.close()
})
