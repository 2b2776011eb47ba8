// SpamAssassin's own server, as Debian packs it, without anything that would ask the network.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { delimiter } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pingSpamd, type Spamd } from '../server/catch/checks/spamc.ts'
import { freePorts } from './free-port.ts'

const READY_WITHIN_MS = 30_000

export async function startSpamd(): Promise<Spamd & { stop(): Promise<void> }> {
  const [port = 0] = await freePorts(1)
  const spamd = { host: '127.0.0.1', port }
  const options = ['--local', '--listen', '127.0.0.1', '--port', `${port}`, '--max-children', '2']
  // Root it will not stay.
  const user = process.getuid?.() === 0 ? ['--username', 'nobody'] : []
  const child = spawn('spamd', [...options, '--nouser-config', '--syslog', 'null', ...user], {
    stdio: 'ignore',
    env: { ...process.env, PATH: `${process.env.PATH}${delimiter}/usr/sbin` },
  })
  const ended = once(child, 'exit')
  const until = Date.now() + READY_WITHIN_MS
  for (;;) {
    if (child.exitCode !== null || Date.now() > until) throw new Error('spamd does not start')
    try {
      await pingSpamd(spamd)
      break
    } catch {
      await pause(50)
    }
  }
  return {
    ...spamd,
    async stop() {
      child.kill()
      await ended
    },
  }
}
