import { parentPort } from 'node:worker_threads'
import { openMessage } from '../../mail/message.ts'
import { loadFeatures } from './client-support.ts'
import { htmlSupport } from './html-support.ts'

/** Looks through the HTML of messages, one job at a time. */
const port = parentPort
if (port === null) throw new Error('html-thread.ts runs as a worker only')

const features = loadFeatures()

port.on('message', (raw: Uint8Array<ArrayBuffer>) => {
  const html = openMessage(Buffer.from(raw.buffer)).html()
  port.postMessage(html === undefined ? undefined : htmlSupport(features, html))
})
