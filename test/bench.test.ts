// That the benchmarks run, not what they find: each is started for a moment.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { postfixIsHere } from '../bench/stand/smtp-source.ts'

const run = promisify(execFile)

it.for<[name: string, row: string, ...only: string[]]>([
  ['audience', 'segment: everybody', 'sqlite'],
  ['bad-input', 'JSON nested 5 million times'],
  ['campaign', 'Posthorn, SQLite', 'sqlite'],
  ['dkim', 'mail of 2 kB signed with both'],
  ['import', 'Posthorn, SQLite', 'sqlite'],
  ['ingest', 'Posthorn'],
  ['list', 'newest page, unchanged'],
  ['render', 'blocks to HTML'],
  ['report', 'by domain'],
  ['search', 'substring: one message'],
  ['smtp-send', 'Posthorn'],
  ['start', 'Posthorn'],
  ['tracking', 'open'],
])('bench/%s prints its table', async ([name, row, ...only], { skip }) => {
  if (name === 'ingest' && !postfixIsHere) skip('without smtp-source and smtp-sink')
  const program = join(import.meta.dirname, `../bench/${name}.ts`)
  const { stdout } = await run(process.execPath, [program, '--quick', ...only])
  expect(stdout).toMatch(new RegExp(`^${row} +[\\d.]+`, 'm'))
})
