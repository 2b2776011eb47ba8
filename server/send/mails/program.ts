import type { MailAttachment } from '../ways-out/way-out.ts'
import type { CustomField } from '../audience/custom-fields.ts'
import type { TemplateFault } from '../templates/compile-jobs.ts'
import type { Compiler } from '../templates/compiler.ts'
import type { MergePerson } from '../templates/merge-tags.ts'
import type { TemplateLanguage } from '../templates/templates.ts'

/** Everything that the mails of one campaign have in common, as it was when its audience was frozen. */
export interface ProgramSources {
  campaignId: number
  workspaceId: number
  subject: string
  preheader: string
  fromName: string
  fromEmail: string
  replyTo: string
  opensTracked: boolean
  clicksTracked: boolean
  /** The template, compiled (Compiler.compile), its placeholder and merge tags still in; null: none. */
  template: { content: string; text: string | null; language: TemplateLanguage } | null
  /** The campaign's own. */
  content: string
  attachments: readonly MailAttachment[]
  /** The words that merge tags may use besides those of everybody. */
  fields: readonly CustomField[]
  /** How dates and numbers are written. */
  locale: string
}

/** What its making can take long over. */
export type WrittenSources = Omit<ProgramSources, 'attachments'>

/** Where the links of a mail lead, and what its envelope and headers are made of. */
export interface ProgramSetting {
  publicUrl: string
  /** Null: no bounce domain, so the reverse path is the sender and nobody reads `mailto:` unsubscribes. */
  bounceDomain: string | null
  /** Name of the list, for List-Id. */
  listName: string
  /** Of Secrets.key(DELIVERY_KEY), or of another purpose for tests and rehearsals. */
  tokenKey: Buffer
  /** Null: nothing is signed. */
  dkim: DkimKey | null
  /** Of mails by themselves, which come from several domains. */
  letterKeys?: readonly DkimKey[]
}

/** PEM. */
export interface DkimKey {
  domain: string
  selector: string
  rsaPrivate: string
  ed25519Private: string
}

/** Whom one mail is for; its links are made of the delivery's id. */
export interface MailRecipient extends Omit<MergePerson, 'unsubscribe_url' | 'webview_url'> {
  delivery_id: number
}

/** A part of a mail: what is the same for everybody, and what is put between. */
export type Piece =
  | string
  /** What a merge tag stands for. @property fallback as it is written where it stands */
  | { tag: string; fallback: string }
  /** An address of ours. */
  | { page: 'unsubscribe' | 'webview' }
  | LinkPiece
  /** Where the pixel and the like go. */
  | { place: 'end' }

/** The value of a `href`. */
interface LinkPiece {
  /** Of CompiledBody.links, the first is 1. */
  link: number
  /** As it stands in the HTML. */
  shown: Piece[]
  /** As a browser reads it, if it is different for each recipient; else null. */
  url: Piece[] | null
}

/** What a campaign says, ready to be put together for one person after the other. */
export type Body =
  | { language: 'tags'; subject: Piece[]; html: Piece[]; text: Piece[]; hasWayOut: boolean }
  /** Sources, to be rendered for each; liquid-marks.ts begin with `marks`. Text null: to be made of each HTML. */
  | { language: 'liquid'; subject: string; html: string; text: string | null; marks: string }

/** What the mails of a campaign are made of: plain data, to be handed to a thread. */
export interface Program {
  campaignId: number
  workspaceId: number
  fromName: string
  fromEmail: string
  replyTo: string
  opensTracked: boolean
  clicksTracked: boolean
  body: Body
  attachments: readonly MailAttachment[]
  fields: readonly CustomField[]
  locale: string
}

export interface CompiledBody {
  body: Body
  /** Where they lead, as written; the first has the number 1. The same sources always number them alike. */
  links: string[]
  warnings: string[]
  /** With any, no mail can be made. */
  faults: TemplateFault[]
}

/** @returns faults that a person must see to before anything is sent; the program is not to be used then */
export async function programOf(
  compiler: Compiler,
  sources: ProgramSources,
): Promise<{ program: Program; links: string[]; warnings: string[]; faults: TemplateFault[] }> {
  const { attachments: _, ...written } = sources
  const { body, ...rest } = await compiler.body(written)
  return { program: programAround(sources, body), ...rest }
}

export function programAround(sources: ProgramSources, body: Body): Program {
  const { campaignId, workspaceId, fromName, fromEmail, replyTo } = sources
  const { opensTracked, clicksTracked, attachments, fields, locale } = sources
  return {
    campaignId,
    workspaceId,
    fromName,
    fromEmail,
    replyTo,
    opensTracked,
    clicksTracked,
    body,
    attachments,
    fields,
    locale,
  }
}
