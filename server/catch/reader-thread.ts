import { parentPort } from 'node:worker_threads'
import { openMessage } from '../mail/message.ts'
import { type Preview, previewHtml } from './html-preview.ts'
import type { EncodedPreview, Job } from './reader.ts'
import { readMessage } from './reading.ts'

/** Takes apart what is too big for the main thread, and makes hostile HTML safe to show. One job at a time. */
const port = parentPort
if (port === null) throw new Error('reader-thread.ts runs as a worker only')

port.on('message', ({ raw, task }: Job) => {
  const bytes = Buffer.from(raw.buffer)
  if ('wanted' in task) {
    port.postMessage(readMessage(bytes, task.wanted))
    return
  }
  const html = openMessage(bytes).html()
  const shown = html === undefined ? undefined : encoded(previewHtml(html, task.options))
  port.postMessage(shown, shown ? [shown.html.buffer] : [])
})

/** Bytes are handed over; a long string would be copied, while the other side waits. */
function encoded({ html, remoteContent }: Preview): EncodedPreview {
  return { html: new TextEncoder().encode(html), remoteContent }
}
