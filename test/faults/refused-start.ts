import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { freePorts } from '../free-port.ts'
import { withoutSettings } from '../posthorn.ts'

const MAIN = join(import.meta.dirname, '../../server/main.ts')

/** Starts a server that is expected not to come up: how it ended, and all it said. */
export async function refusedStart(
  env: Record<string, string>,
  within: string[] = [],
): Promise<{ code: number | null; said: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-refused-'))
  const [httpPort, smtpPort] = await freePorts(2)
  const [program = '', ...args] = [...within, process.execPath, MAIN, 'serve']
  const child = spawn(program, args, {
    cwd: folder,
    env: {
      ...withoutSettings(process.env),
      POSTHORN_DATA_DIR: join(folder, 'data'),
      POSTHORN_HTTP_PORT: String(httpPort),
      POSTHORN_SMTP_PORTS: String(smtpPort),
      POSTHORN_POP3_PORTS: '',
      ...env,
    },
    // One that comes up all the same would never end.
    timeout: 25_000,
    killSignal: 'SIGKILL',
  })
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  rmSync(folder, { recursive: true, force: true })
  return { code: child.exitCode, said: out + err }
}
