// The counting sink as a process of its own: it lives on while the sender is killed.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import type { SinkCounts, SinkMode, SinkOptions } from './smtp-sink.ts'

export interface SinkProcess {
  readonly port: number
  /** @param mode how it behaves from now on; undefined: as before */
  tell(mode?: SinkMode): Promise<SinkCounts>
  stop(): void
}

export async function startSinkProcess(options: SinkOptions = {}): Promise<SinkProcess> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'smtp-sink.ts'), JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const endWithUs = () => child.kill('SIGKILL')
  process.once('exit', endWithUs)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => JSON.parse(String((await lines.next()).value))
  const { port } = (await next()) as { port: number }
  return {
    port,
    async tell(mode) {
      child.stdin.write(`${mode === undefined ? '?' : JSON.stringify(mode)}\n`)
      return (await next()) as SinkCounts
    },
    stop() {
      process.removeListener('exit', endWithUs)
      child.kill('SIGKILL')
    },
  }
}
