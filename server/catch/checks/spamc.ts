import { once } from 'node:events'
import { connect } from 'node:net'
import { Problem } from '../../problem.ts'
import { readReport, type SpamReport } from './spam-report.ts'

/** Where a SpamAssassin `spamd` listens. */
export interface Spamd {
  host: string
  port: number
}

/** Larger messages are not sent: no spam is, and spamc draws its own line at 500 kB. */
const LONGEST_MESSAGE = 2 << 20
/** A report is a page of text. */
const LONGEST_REPLY = 1 << 20
const DEADLINE_MS = 30_000

/**
 * SpamAssassin's report about a message (its document `spamd/PROTOCOL`, version 1.5).
 * @throws Problem `unavailable`, with the reason
 */
export async function spamReport(spamd: Spamd, raw: Buffer, deadlineMs = DEADLINE_MS): Promise<SpamReport> {
  if (raw.length > LONGEST_MESSAGE)
    throw new Problem('unavailable', `Messages over ${LONGEST_MESSAGE >> 20} MB are not checked`)
  return readReport(await ask(spamd, 'REPORT', raw, deadlineMs))
}

/** @throws Problem `unavailable`: there is no spamd */
export async function pingSpamd(spamd: Spamd, deadlineMs = 4_000): Promise<void> {
  const reply = await ask(spamd, 'PING', undefined, deadlineMs)
  if (!/^SPAMD\/\d\.\d 0 PONG/.test(reply)) throw new Problem('unavailable', 'What answers is no spamd')
}

async function ask(
  { host, port }: Spamd,
  verb: string,
  body: Buffer | undefined,
  deadlineMs: number,
): Promise<string> {
  const socket = connect({ host, port })
  let late = false
  const deadline = setTimeout(() => {
    late = true
    socket.destroy(new Error('too late'))
  }, deadlineMs)
  try {
    const chunks: Buffer[] = []
    let size = 0
    socket.on('data', chunk => {
      size += chunk.length
      if (size > LONGEST_REPLY) socket.destroy()
      else chunks.push(chunk)
    })
    await once(socket, 'connect')
    const head = `${verb} SPAMC/1.5\r\n${body ? `Content-length: ${body.length}\r\n` : ''}\r\n`
    // spamd reads by lines: without our end it waits for that of a last line that has none.
    socket.end(body ? Buffer.concat([Buffer.from(head), body]) : head)
    await once(socket, 'close')
    if (size > LONGEST_REPLY) throw new Problem('unavailable', 'What answers is no spamd')
    return Buffer.concat(chunks).toString('utf8')
  } catch (error) {
    if (error instanceof Problem) throw error
    const reason = late
      ? `spamd did not answer within ${deadlineMs / 1000} s`
      : `spamd cannot be reached (${(error as NodeJS.ErrnoException).code ?? 'connection lost'})`
    throw new Problem('unavailable', reason, { cause: error })
  } finally {
    clearTimeout(deadline)
    socket.on('error', () => {})
    socket.destroy()
  }
}
