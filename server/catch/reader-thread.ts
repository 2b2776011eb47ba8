import { parentPort } from 'node:worker_threads'
import { openMessage } from '../mail/message.ts'
import { type Preview, previewHtml } from './html-preview.ts'
import type { Job } from './reader.ts'
import { type Reading, readMessage } from './reading.ts'

/** Takes apart what is too big for the main thread, and makes hostile HTML safe to show. One job at a time. */
const port = parentPort
if (port === null) throw new Error('reader-thread.ts runs as a worker only')

port.on('message', ({ raw, task }: Job) => port.postMessage(perform(Buffer.from(raw.buffer), task)))

function perform(raw: Buffer, task: Job['task']): Reading | Preview | undefined {
  if ('wanted' in task) return readMessage(raw, task.wanted)
  const html = openMessage(raw).html()
  return html === undefined ? undefined : previewHtml(html, task.options)
}
