import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Budget } from '../budget.ts'
import { IncomingContent } from './content.ts'
import { Dialogue, openServer } from '../../../test/smtp-dialogue.ts'

const MESSAGE = 'MAIL FROM:<a@x.y>\r\nRCPT TO:<b@x.y>\r\nDATA\r\n'

function limits(memory: number): ConstructorParameters<typeof IncomingContent>[0] {
  return {
    maxSize: 10_000_000,
    memory: new Budget(memory),
    handover: new Budget(memory),
    directory: mkdtempSync(join(tmpdir(), 'posthorn-spill-')),
  }
}

/** 700,000 bytes that differ at every place, all line ends among them. */
const large = Buffer.from(Array.from({ length: 700_000 }, (_, at) => (at * 7919 + (at >> 8)) % 251))

async function fill(content: IncomingContent, bytes: Buffer, step: number): Promise<void> {
  for (let from = 0; from < bytes.length; from += step) {
    const chunk = Buffer.from(bytes.subarray(from, from + step))
    content.append(chunk, 0, chunk.length)
    await content.writing
  }
  await content.finish()
}

test.each([
  ['from memory', 100_000, 10_000_000, 20_000],
  ['from a file, by size', 700_000, 10_000_000, 20_000],
  ['from a file, budget used up', 700_000, 1, 20_000],
  ['from a file, in crumbs', 20_000, 10_000_000, 3],
])('bytes come back %s', async (_, size, memory, step) => {
  const content = new IncomingContent(limits(memory))
  const bytes = large.subarray(0, size)
  await fill(content, bytes, step)
  expect(content.size).toBe(size)
  expect(Buffer.compare(await content.bytes(), bytes)).toBe(0)
  const text = bytes.toString('latin1')
  expect(content.lineEnds.bareCr).toBe(text.split(/\r(?!\n)/).length - 1)
  expect(content.lineEnds.bareLf).toBe(text.split(/(?<!\r)\n/).length - 1)
  content.dispose()
})

test('everything is given back to the budget', async () => {
  const shared = limits(200_000)
  for (const size of [1000, 150_000, 700_000]) {
    const content = new IncomingContent(shared)
    await fill(content, large.subarray(0, size), 10_000)
    content.dispose()
    content.dispose()
  }
  const cut = new IncomingContent(shared)
  cut.append(large, 0, large.length)
  cut.dispose()
  await cut.writing
  shared.memory.take(199_999)
  expect(shared.memory.full).toBe(false)
  shared.memory.take(1)
  expect(shared.memory.full).toBe(true)
})

test('spilled messages reach the door one after the other when they are larger than the budget together', async () => {
  const shared = limits(300_000)
  const first = new IncomingContent(shared)
  await fill(first, large.subarray(0, 200_000), 50_000)
  const second = new IncomingContent(shared)
  let ready = false
  const filling = fill(second, large.subarray(0, 200_000), 50_000).then(() => (ready = true))
  while (second.size < 200_000) await new Promise(setImmediate)
  await second.writing
  await new Promise(setImmediate)
  expect(ready).toBe(false)
  first.dispose()
  await filling
  expect(ready).toBe(true)
  second.dispose()
})

test('a large message through the door leaves no file', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'posthorn-spill-'))
  const left = 'smtp-00000000-0000-0000-0000-000000000000.spill'
  writeFileSync(join(directory, left), 'left behind')
  writeFileSync(join(directory, 'other'), 'not ours')
  const { port, door } = await openServer({ spillDirectory: directory })
  expect(readdirSync(directory)).toEqual(['other'])
  const dialogue = await Dialogue.greeted(port)
  const body = `${'0123456789\r\n'.repeat(60_000)}`
  dialogue.send(`${MESSAGE}${body}.\r\n${MESSAGE}small\r\n.\r\n`)
  for (const _ of 'MRDQMRD') await dialogue.reply()
  expect(await dialogue.reply()).toBe('250 2.0.0 Ok: queued')
  expect(door.kept.map(({ bytes }) => bytes.toString() === body || bytes.toString())).toEqual([
    true,
    'small\r\n',
  ])
  expect(readdirSync(directory)).toEqual(['other'])
})

test('a directory that cannot be written to: 452 after the whole message, by DATA and BDAT, and small mail goes on', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'posthorn-spill-'))
  const { port, door, errors } = await openServer({ spillDirectory: directory })
  rmSync(directory, { recursive: true })
  const dialogue = await Dialogue.greeted(port)
  const body = `${'0123456789\r\n'.repeat(30_000)}`
  dialogue.send(`${MESSAGE}${body}.\r\n${MESSAGE}small\r\n.\r\n`)
  for (const _ of 'MRD') await dialogue.reply()
  expect(await dialogue.reply()).toBe('452 4.3.1 Insufficient system storage')
  for (const _ of 'MRD') await dialogue.reply()
  expect(await dialogue.reply()).toBe('250 2.0.0 Ok: queued')
  dialogue.send(`MAIL FROM:<a@x.y>\r\nRCPT TO:<b@x.y>\r\nBDAT ${body.length} LAST\r\n${body}`)
  for (const _ of 'MR') await dialogue.reply()
  expect(await dialogue.reply()).toBe('452 4.3.1 Insufficient system storage')
  expect(door.kept.map(({ bytes }) => bytes.toString())).toEqual(['small\r\n'])
  expect(errors.map(error => (error as NodeJS.ErrnoException).code)).toEqual(['ENOENT', 'ENOENT'])
})
