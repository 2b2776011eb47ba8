import type { TemplateFault } from '../templates/compile-jobs.ts'
import type { OutgoingMail } from '../ways-out/way-out.ts'
import { compileBody } from './body-compiling.ts'
import {
  type CompiledBody,
  type MailRecipient,
  programAround,
  type ProgramSetting,
  type ProgramSources,
  type WrittenSources,
} from './program.ts'
import { RenderFault } from './render-fault.ts'
import { type MailPurpose, Renderer } from './renderer.ts'

/** One mail of a campaign, apart from its sending: a test, a preview, what a browser shows of it. */
export interface SingleMail {
  sources: ProgramSources
  setting: ProgramSetting
  recipient: MailRecipient
  purpose: MailPurpose
}

export interface MadeMail {
  /** With bytes and parts; of what only a browser shows parts alone. Null: there are faults. */
  mail: OutgoingMail | null
  warnings: string[]
  faults: TemplateFault[]
}

/** Runs in the compiling thread: Liquid may take its time. */
export async function makeMail({ sources, setting, recipient, purpose }: SingleMail): Promise<MadeMail> {
  const { attachments: _, ...written } = sources
  const { body, warnings, faults } = compiledLately(written)
  if (faults.length > 0) return { mail: null, warnings, faults }
  try {
    const renderer = new Renderer(programAround(sources, body), setting, purpose)
    const { mail } = await renderer.mail(recipient, 'parts')
    if (purpose === 'test') mail.bytes = (await renderer.mail(recipient, 'bytes')).mail.bytes
    return { mail, warnings, faults }
  } catch (error) {
    if (!(error instanceof RenderFault)) throw error
    return { mail: null, warnings, faults: [{ line: null, message: error.message }] }
  }
}

/** Of a campaign that was just sent many people look at the same one. */
const MOST_KEPT = 8
const lately = new Map<string, CompiledBody>()

function compiledLately(sources: WrittenSources): CompiledBody {
  const key = JSON.stringify(sources)
  const compiled = lately.get(key) ?? compileBody(sources)
  lately.delete(key)
  lately.set(key, compiled)
  if (lately.size > MOST_KEPT) lately.delete(lately.keys().next().value ?? '')
  return compiled
}
