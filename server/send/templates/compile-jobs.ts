import type { WrittenSources } from '../mails/program.ts'
import type { SingleMail } from '../mails/single-mail.ts'

/** What is asked of compile-thread.ts, and what it answers. */
export type CompileJob =
  | { do: 'mjml' | 'markdown'; source: string }
  /** As Liquid. @returns TemplateFault[] */
  | { do: 'parse'; source: string }
  | { do: 'text'; html: string }
  | { do: 'finish'; parts: Parts; liquid: LiquidData | null }
  /** Of a campaign. @returns CompiledBody */
  | { do: 'body'; sources: WrittenSources }
  /** @returns MadeMail */
  | { do: 'mail'; wish: SingleMail }

export interface TemplateFault {
  /** Of what its author wrote; the first is 1. Null: nowhere in particular. */
  line: number | null
  message: string
}

/** A mail before its last steps. */
export interface Parts {
  html: string
  /** Null: to be made from the HTML. */
  text: string | null
  subject: string
}

export interface Finished {
  html: string
  text: string
  subject: string
  faults: TemplateFault[]
}

/** What Liquid may see; plain values all the way down. */
export type LiquidData = Record<string, unknown>
