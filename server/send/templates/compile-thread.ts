import { parentPort } from 'node:worker_threads'
import { compileBody } from '../mails/body-compiling.ts'
import { makeMail } from '../mails/single-mail.ts'
import type { Compiled } from './compiler.ts'
import type { CompileJob } from './compile-jobs.ts'
import { parseLiquid } from './liquid.ts'
import { finish } from './finishing.ts'
import { compileMarkdown } from './markdown.ts'
import { compileMjml } from './mjml.ts'
import { textFromHtml } from './plain-text.ts'

/** Renders templates, one after the other. */
const port = parentPort
if (port === null) throw new Error('compile-thread.ts runs as a worker only')

port.on('message', (job: CompileJob) => {
  void done(job).then(answer => port.postMessage(answer))
})

async function done(job: CompileJob): Promise<unknown> {
  switch (job.do) {
    case 'mjml':
      return (await compileMjml(job.source)) satisfies Compiled
    case 'markdown':
      return (await compileMarkdown(job.source)) satisfies Compiled
    case 'parse':
      return parseLiquid(job.source)
    case 'text':
      return textFromHtml(job.html)
    case 'finish':
      return finish(job.parts, job.liquid)
    case 'body':
      return compileBody(job.sources)
    case 'mail':
      return makeMail(job.wish)
  }
}
