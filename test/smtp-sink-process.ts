// test/smtp-sink.ts as a process of its own: it neither takes processor time from whoever is measured, nor dies with it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { SinkCounts, SinkMode, SinkOptions } from './smtp-sink.ts'

export interface SinkProcess {
  readonly port: number
  readonly pid: number | undefined
  counts(): Promise<SinkCounts>
  /** From now on. */
  setMode(mode: SinkMode): Promise<SinkCounts>
  stop(): Promise<void>
}

export async function startSinkProcess(options: SinkOptions = {}): Promise<SinkProcess> {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'smtp-sink.ts'), JSON.stringify(options)],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  )
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async <T>(): Promise<T> => {
    const { value, done } = await lines.next()
    if (done === true) throw new Error('the sink has ended')
    return JSON.parse(value) as T
  }
  // Answers come in the order of the questions.
  const ask = (line: string): Promise<SinkCounts> => {
    child.stdin.write(`${line}\n`)
    return next<SinkCounts>()
  }
  const { port } = await next<{ port: number }>()
  return {
    port,
    pid: child.pid,
    counts: () => ask('?'),
    setMode: mode => ask(JSON.stringify(mode)),
    async stop() {
      if (child.exitCode !== null) return
      const ended = once(child, 'exit')
      child.stdin.end()
      await ended
    },
  }
}
