// The pages are tested like code: every fenced block marked `sh` in them is run, in order, beside a running
// Posthorn whose ports stand in for the default ones. What only shows something is marked `console` or `text`.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  ADMIN_API_TOKEN,
  INBOX_PASSWORD,
  INBOX_USERNAME,
  startPosthorn,
  WORKSPACE_API_TOKEN,
} from './posthorn.ts'
import type { Posthorn } from './posthorn.ts'

const PAGES = ['README.md', 'CONTRIBUTING.md', 'docs/**/*.md']

/** Lines that are not run here, and why. */
const COVERED: [line: RegExp, reason: string][] = [
  [/^git clone \S+$/, 'CI begins with a fresh clone'],
  [/^cd posthorn$/, 'CI runs in it'],
  [/^npm start$/, 'is the Posthorn that the other lines talk to'],
  [/^npm test( -- .+)?$/, 'is this run'],
  [/^npm run check$/, 'is what CI does before this run'],
  [/^npm run format$/, 'would change the files under test'],
]

/** What a page may leave to its reader: the values that the first start prints. */
const GIVEN = {
  API_TOKEN: ADMIN_API_TOKEN,
  WORKSPACE_TOKEN: WORKSPACE_API_TOKEN,
  SMTP_USERNAME: INBOX_USERNAME,
  SMTP_PASSWORD: INBOX_PASSWORD,
}

interface Block {
  /** Line of the page on which the fence opens. */
  line: number
  commands: string
}

function blocksToRun(page: string): Block[] {
  return [...page.matchAll(/^```sh\n([^]*?)^```$/gm)].flatMap(match => {
    const lines = (match[1] ?? '')
      .split('\n')
      .filter(line => !COVERED.some(([covered]) => covered.test(line)))
    const commands = lines.join('\n').trim()
    return commands ? [{ line: page.slice(0, match.index).split('\n').length, commands }] : []
  })
}

/** A folder for the commands, with `posthorn` on PATH and a curl for which an HTTP error is an error. */
class Shell {
  readonly #folder = mkdtempSync(join(tmpdir(), 'posthorn-docs-'))
  readonly #posthorn: Posthorn

  constructor(posthorn: Posthorn) {
    this.#posthorn = posthorn
    const main = join(import.meta.dirname, '../server/main.ts')
    writeFileSync(join(this.#folder, 'posthorn'), `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`, {
      mode: 0o755,
    })
    writeFileSync(join(this.#folder, '.curlrc'), 'fail-with-body\n')
  }

  async run(commands: string): Promise<{ code: number | null; output: string }> {
    const { httpPort, smtpPort, pop3Port, env } = this.#posthorn
    const script = commands
      .replaceAll(/^npm start -- /gm, 'posthorn ')
      .replaceAll(/\b8025\b/g, String(httpPort))
      .replaceAll(/\b2525\b/g, String(smtpPort))
      .replaceAll(/\b1100\b/g, String(pop3Port))
    const path = [this.#folder, dirname(process.execPath), env.PATH].join(delimiter)
    const bash = spawn('bash', ['-euo', 'pipefail', '-c', `exec 2>&1\n${script}`], {
      cwd: this.#folder,
      env: { ...env, ...GIVEN, PATH: path, CURL_HOME: this.#folder },
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: 25_000,
    })
    const [output] = await Promise.all([text(bash.stdout), once(bash, 'close')])
    return { code: bash.exitCode, output }
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

function describeBlocks(
  name: string,
  page: string,
  check: (shell: Shell, block: Block) => Promise<void>,
): void {
  const blocks = blocksToRun(page)
  if (blocks.length === 0) return
  describe(name, () => {
    let posthorn: Posthorn
    let shell: Shell
    beforeAll(async () => {
      posthorn = await startPosthorn()
      shell = new Shell(posthorn)
    })
    afterAll(async () => {
      shell?.close()
      await posthorn?.stop()
    })
    it.each(blocks)('line $line', block => check(shell, block))
  })
}

for (const file of globSync(PAGES)) {
  describeBlocks(file, readFileSync(file, 'utf8'), async (shell, { commands }) => {
    const { code, output } = await shell.run(commands)
    expect(code, `${commands}\n${output}`).toBe(0)
  })
}

const SAMPLE = `
Clone it and start it:
\`\`\`sh
git clone https://example.com/posthorn
cd posthorn
npm start
\`\`\`
Send a mail, and find it:
\`\`\`sh
npm start -- --help | grep -q POSTHORN_HTTP_PORT
swaks --server localhost:2525 --auth-user "$SMTP_USERNAME" --auth-password "$SMTP_PASSWORD" --to a@example.com
curl -H "Api-Token: $API_TOKEN" http://localhost:8025/api/v1/inboxes/1/messages | grep a@example.com
\`\`\`
\`\`\`text
nothing to run
\`\`\`
A page that is wrong:
\`\`\`sh
curl http://localhost:8025/api/v1/nothing
echo not reached
\`\`\`
`

it('finds the blocks of a page, less the lines that are covered elsewhere', () => {
  expect(blocksToRun(SAMPLE).map(({ line }) => line)).toEqual([9, 18])
})

describeBlocks('a sample page', SAMPLE, async (shell, { line, commands }) => {
  const { code, output } = await shell.run(commands)
  const wrong = line === 18
  expect(code === 0, output).toBe(!wrong)
  if (wrong) expect(output).not.toContain('not reached')
})
