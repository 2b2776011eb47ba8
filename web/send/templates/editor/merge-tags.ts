import type { FieldWire } from '../../../calls/fields.ts'
import type { TemplateLanguage } from '../../../calls/templates.ts'

export interface MergeTag {
  label: string
  /** What is written when there is nothing to put in; null: there always is something. */
  fallback: string | null
  name: string
}

export const PERSON: MergeTag[] = [
  { label: 'First name', name: 'first_name', fallback: 'there' },
  { label: 'Last name', name: 'last_name', fallback: '' },
  { label: 'Email address', name: 'email', fallback: null },
]

export const MAIL: MergeTag[] = [
  { label: 'The campaign’s own words', name: 'content', fallback: null },
  { label: 'Address to unsubscribe', name: 'unsubscribe_url', fallback: null },
  { label: 'Address of the web view', name: 'webview_url', fallback: null },
]

export const ofFields = (fields: readonly FieldWire[]): MergeTag[] =>
  fields.map(({ key, label }) => ({ label, name: key, fallback: '' }))

export function written({ name, fallback }: MergeTag, language: TemplateLanguage): string {
  // The placeholder is ours in either language: it is filled in before the rest is read.
  if (fallback === null || name === 'content') return `{{${name}}}`
  // Single quotes: a source of blocks is JSON, where double ones would have to be escaped.
  if (language === 'liquid') return fallback ? `{{ ${name} | default: '${fallback}' }}` : `{{ ${name} }}`
  return fallback ? `{{${name}|${fallback}}}` : `{{${name}}}`
}

/** The same source with its fallbacks as the other language has them: one refuses what the other wants. */
export function respelt(source: string, language: TemplateLanguage): string {
  if (language === 'tags')
    return source.replaceAll(
      /\{\{\s*([a-z]\w*)\s*\|\s*default:\s*'([^'{}]*)'\s*\}\}/gi,
      (_tag, name: string, fallback: string) => `{{${name}|${fallback}}}`,
    )
  return source.replaceAll(
    /\{\{\s*([a-z]\w*)\s*\|([^{}]*)\}\}/gi,
    (_tag, name: string, fallback: string) =>
      `{{ ${name} | default: '${fallback.replaceAll(/['"\\]/g, '')}' }}`,
  )
}
