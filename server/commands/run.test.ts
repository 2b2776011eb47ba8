import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { COMMANDS } from './run.ts'

const MAIN = join(import.meta.dirname, '../main.ts')
const folder = mkdtempSync(join(tmpdir(), 'posthorn-run-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise(resolve => {
    const child = execFile(process.execPath, [MAIN, ...args], { cwd: folder }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    )
  })
}

it.each(Object.entries(COMMANDS))(
  '%s --help says what it does and how it is called',
  async (name, { does }) => {
    const { code, stdout } = await run(name, '--help')
    expect(code).toBe(0)
    expect(stdout).toContain(`${does}\n\n  posthorn ${name}`)
  },
)

it('--help lists every command and every setting', async () => {
  const { code, stdout } = await run('--help')
  expect(code).toBe(0)
  for (const name of Object.keys(COMMANDS)) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'))
  expect(stdout).toContain('POSTHORN_HTTP_PORT')
})

it.each([
  [64, ['dance'], 'there is no command "dance"; --help lists them'],
  [64, ['inbox', 'list', '--colour'], "Unknown option '--colour'"],
  [78, ['migrate', '--http-port', 'x'], 'POSTHORN_HTTP_PORT must be'],
  [1, ['backup', 'somewhere'], 'there is nothing to back up'],
  [1, ['restore', 'somewhere'], 'holds no backup'],
  [64, ['backup'], 'where to?'],
  [64, ['restore'], 'from where?'],
])('ends with %i and one line for %j', async (code, args, line) => {
  const answer = await run(...args, ...(args[0] === 'dance' ? [] : ['--data-dir', join(folder, 'data')]))
  expect(answer).toMatchObject({ code, stdout: '' })
  expect(answer.stderr).toMatch(/^posthorn: .+\n$/)
  expect(answer.stderr).toContain(line)
})
