import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'

/** Debian's package postfix has both programs; its daemon need not run, nor be set up. */
const SOURCE = '/usr/sbin/smtp-source'
export const SINK = '/usr/sbin/smtp-sink'

export const postfixIsHere = existsSync(SOURCE) && existsSync(SINK)

/**
 * Sends one file so many times with Postfix's load generator, which costs least of the two cores.
 * @param file lines end with LF; no spaces in its path
 * @returns messages per second
 */
export async function smtpSource(
  port: number,
  { connections, messages, file }: { connections: number; messages: number; file: string },
): Promise<number> {
  const begun = performance.now()
  const load = `-F ${file} -m ${messages} -s ${connections}`
  const source = spawn(
    SOURCE,
    `-d -N ${load} -f app@shop.test -t customer@example.org 127.0.0.1:${port}`.split(' '),
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )
  const [code] = await once(source, 'exit')
  if (code !== 0) throw new Error(`smtp-source ended with ${code}`)
  return (messages / (performance.now() - begun)) * 1000
}
