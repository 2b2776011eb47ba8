// The shapes of templates as they leave this folder: the web app imports its types from here.
import type { Template, TemplateSummary, VersionRow } from '../templates/templates.ts'

export type TemplateKindWire = 'html' | 'mjml' | 'markdown' | 'blocks'

/** What merge tags are read by: our own few, or the whole of Liquid. */
export type TemplateLanguageWire = 'tags' | 'liquid'

/** A row of the list. */
export interface TemplateSummaryWire {
  id: number
  name: string
  kind: TemplateKindWire
  language: TemplateLanguageWire
  /** The number of the newest version; the first is 1. */
  version: number
  /** Campaigns; while there are any, it cannot be deleted. */
  used_by: number
  created_at: string
  updated_at: string
}

export interface TemplateWire extends TemplateSummaryWire {
  /** In the words of its kind; of `blocks` the JSON text of a document (blocks/document.ts). */
  source: string
  /** The HTML made from it, placeholder and merge tags still in. */
  content: string
  /** What its author should know, as that the place for the campaign's content is missing. */
  warnings: string[]
}

/** A row of the history. */
export interface TemplateVersionSummaryWire {
  number: number
  kind: TemplateKindWire
  language: TemplateLanguageWire
  /** What the template was called then. */
  name: string
  /** Null: a program, or somebody who is gone. */
  user: { id: number; name: string } | null
  created_at: string
}

export interface TemplateVersionWire extends TemplateVersionSummaryWire {
  source: string
  content: string
}

export interface RenderRequestWire {
  kind: TemplateKindWire
  language: TemplateLanguageWire
  source: string
  subject?: string
  /** The campaign's own, put where the template says `{{content}}`; a sample if absent. */
  content?: string
  /** As whom it is shown; a made-up person if absent. */
  subscriber_id?: number
}

export interface RenderedWire {
  /** Hostile until proved otherwise: for the `srcdoc` of a sandboxed frame, nowhere else. */
  html: string
  text: string
  subject: string
  /** Bytes of the HTML; some mail programs cut off what is over 102,000. */
  size: number
  warnings: string[]
  /** What is wrong with the source. Where nothing could be made of it at all, `html` is empty. */
  errors: RenderErrorWire[]
}

export interface RenderErrorWire {
  /** Of the source, the first is 1; null: nowhere in particular. */
  line: number | null
  message: string
}

export interface TestSendWire {
  to: string
  subject?: string
  subscriber_id?: number
}

export function summaryWire(template: TemplateSummary): TemplateSummaryWire {
  const { id, name, kind, language, version, used_by } = template
  return { id, name, kind, language, version, used_by, ...dates(template) }
}

export function templateWire(template: Template, used_by: number, warnings: string[]): TemplateWire {
  const { source, content } = template
  return { ...summaryWire({ ...template, used_by }), source, content, warnings }
}

export function versionWire(version: VersionRow): TemplateVersionSummaryWire {
  const { number, kind, language, name, user_id, user_name } = version
  return {
    number,
    kind,
    language,
    name,
    user: user_id === null || user_name === null ? null : { id: user_id, name: user_name },
    created_at: new Date(version.created_at).toISOString(),
  }
}

function dates({ created_at, updated_at }: { created_at: number; updated_at: number }) {
  return { created_at: new Date(created_at).toISOString(), updated_at: new Date(updated_at).toISOString() }
}
