import { readBlocks } from '../../../blocks/read-blocks.ts'
import { renderBlocks } from '../../../blocks/render.ts'
import { blocksText } from '../../../blocks/text.ts'
import { JobThread } from '../../job-thread.ts'
import { Problem } from '../../problem.ts'
import type { CompiledBody, WrittenSources } from '../mails/program.ts'
import type { MadeMail, SingleMail } from '../mails/single-mail.ts'
import type { CompileJob, Finished, LiquidData, Parts, TemplateFault } from './compile-jobs.ts'
import type { TemplateKind, TemplateLanguage } from './templates.ts'

export interface Written {
  kind: TemplateKind
  language: TemplateLanguage
  source: string
}

export interface Compiled {
  /** HTML with placeholder and merge tags in it; empty: nothing could be made of the source. */
  content: string
  /** Of blocks their own plain text, likewise; else null. */
  text: string | null
  faults: TemplateFault[]
}

/** Longer than MJML takes to load and to read a long source on a busy machine. */
const DEADLINE_MS = 20_000
/** Its libraries take 150 MB that nobody misses while no template is written. */
const IDLE_MS = 120_000
const MEGABYTES = 512
const MOST_WAITING = 20

/**
 * Makes mails of what templates are written in. What can take long, or for ever, is done in a thread of its own,
 * which starts when it is first needed. A source that takes too much time or memory is said to be faulty.
 */
export class Compiler {
  readonly #thread: JobThread<CompileJob>

  constructor(deadlineMs = DEADLINE_MS) {
    this.#thread = new JobThread(new URL('./compile-thread.ts', import.meta.url), {
      deadlineMs,
      idleMs: IDLE_MS,
      most: MOST_WAITING,
      limits: { maxOldGenerationSizeMb: MEGABYTES },
      tooLong: 'The template takes too long to render',
      broken: 'The template could not be rendered',
      tooMany: 'Too many templates are being rendered, try again in a moment',
    })
  }

  async compile({ kind, language, source }: Written): Promise<Compiled> {
    const compiled = await this.#made(kind, source)
    if (language !== 'liquid' || compiled.content === '') return compiled
    // In the JSON of a document lines mean nothing to its author.
    const isJson = kind === 'blocks'
    const found = await this.#ask<TemplateFault[]>(
      { do: 'parse', source: isJson ? compiled.content : source },
      fault => [fault],
    )
    const faults = isJson ? found.map(({ message }) => ({ line: null, message })) : found
    return faults.length === 0 ? compiled : { content: '', text: null, faults }
  }

  /** The words of some HTML. */
  textOf(html: string): Promise<string> {
    return this.#ask({ do: 'text', html }, () => '')
  }

  /** The last steps: Liquid, if there is data for it; styles into their elements; the text part, if there is none. */
  finish(parts: Parts, liquid: LiquidData | null): Promise<Finished> {
    return this.#ask({ do: 'finish', parts, liquid }, fault => ({
      html: '',
      text: '',
      subject: '',
      faults: [fault],
    }))
  }

  /** What a campaign says, as far as it is the same for everybody. */
  body(sources: WrittenSources): Promise<CompiledBody> {
    return this.#ask({ do: 'body', sources }, fault => ({
      body: { language: 'tags', subject: [], html: [], text: [], hasWayOut: true },
      links: [],
      warnings: [],
      faults: [fault],
    }))
  }

  /** A mail of a campaign that is not sent with the others. */
  async mail(wish: SingleMail): Promise<MadeMail> {
    const made = await this.#ask<MadeMail>({ do: 'mail', wish }, fault => ({
      mail: null,
      warnings: [],
      faults: [fault],
    }))
    // Between threads a Buffer becomes an array of bytes.
    if (made.mail !== null) made.mail.bytes = Buffer.from(made.mail.bytes)
    return made
  }

  close(): Promise<void> {
    return this.#thread.close()
  }

  async #made(kind: TemplateKind, source: string): Promise<Compiled> {
    if (kind === 'html') return { content: source, text: null, faults: [] }
    if (kind !== 'blocks')
      return this.#ask({ do: kind, source }, fault => ({ content: '', text: null, faults: [fault] }))
    const read = readBlocks(source)
    if ('document' in read)
      return { content: renderBlocks(read.document), text: blocksText(read.document), faults: [] }
    const faults = read.faults.map(({ path, message }) => ({
      line: null,
      message: `${path === '' ? 'The document' : path} ${message}`,
    }))
    return { content: '', text: null, faults }
  }

  async #ask<T>(job: CompileJob, failed: (fault: TemplateFault) => T): Promise<T> {
    try {
      return (await this.#thread.ask(job, [])) as T
    } catch (error) {
      if (error instanceof Problem) return failed({ line: null, message: error.message })
      throw error
    }
  }
}
