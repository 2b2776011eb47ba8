import type { LiquidData, TemplateFault } from './compile-jobs.ts'
import type { Compiler, Written } from './compiler.ts'
import type { CustomField } from '../audience/custom-fields.ts'
import type { FieldValue } from '../audience/field-values.ts'
import {
  compileTags,
  hasPlaceholder,
  insertContent,
  type MergePerson,
  type Vocabulary,
} from './merge-tags.ts'
import type { TemplateLanguage } from './templates.ts'

export interface Draft extends Written {
  subject: string
  /** The campaign's own. */
  content: string
}

export interface Rendered {
  html: string
  text: string
  subject: string
  warnings: string[]
  faults: TemplateFault[]
}

/** Gmail hides what is beyond, the link to unsubscribe with it. */
const CLIPPED_AT = 102_000

/** One mail for one person, out of a template that need not be kept. */
export async function renderDraft(
  compiler: Compiler,
  draft: Draft,
  person: MergePerson,
  vocabulary: Vocabulary,
): Promise<Rendered> {
  const { language, content } = draft
  const compiled = await compiler.compile(draft)
  if (compiled.content === '' && compiled.faults.length > 0)
    return { html: '', text: '', subject: '', warnings: [], faults: compiled.faults }
  const warnings = warningsAbout(compiled.content, language, vocabulary)
  const html = insertContent(compiled.content, content)
  const text =
    compiled.text === null
      ? null
      : insertContent(compiled.text, hasPlaceholder(compiled.text) ? await compiler.textOf(content) : '')
  const parts = { html, text, subject: draft.subject }
  const finished =
    language === 'liquid'
      ? await compiler.finish(parts, liquidData(person))
      : await compiler.finish(
          {
            html: compileTags(html, vocabulary, 'html').merge(person),
            text: text === null ? null : compileTags(text, vocabulary, 'text').merge(person),
            subject: compileTags(draft.subject, vocabulary, 'subject').merge(person),
          },
          null,
        )
  const size = Buffer.byteLength(finished.html)
  if (size > CLIPPED_AT) warnings.push(`The HTML has ${size} bytes: Gmail shows the first ${CLIPPED_AT} only`)
  return { ...finished, warnings, faults: [...compiled.faults, ...finished.faults] }
}

/** What the author of a template should know. @param content HTML, placeholder and merge tags still in */
export function warningsAbout(content: string, language: TemplateLanguage, vocabulary: Vocabulary): string[] {
  const warnings: string[] = []
  if (!hasPlaceholder(content))
    warnings.push('There is no {{content}}: what is written in a campaign would not be shown')
  if (!/\{\{[^{}]*\bunsubscribe_(?:url|link)\b/i.test(content))
    warnings.push('There is no link to {{unsubscribe_url}}')
  if (language === 'tags')
    for (const name of compileTags(content, vocabulary, 'html').unknown)
      if (name !== 'content') warnings.push(`{{${name}}} means nothing, and stays as it is`)
  return warnings
}

/** Names of ours win: no custom field can be called like them. */
export function liquidData({ fields, ...person }: MergePerson): LiquidData {
  return { ...fields, ...person, unsubscribe_link: person.unsubscribe_url, fields }
}

/** Somebody to show a template to. @param today as 2026-12-24 */
export function samplePerson(
  fields: readonly CustomField[],
  { unsubscribe_url, webview_url }: Pick<MergePerson, 'unsubscribe_url' | 'webview_url'>,
  today: string,
): MergePerson {
  const values = fields.map(field => [field.key, sampleValue(field, today)] as const)
  return {
    email: 'ada@example.com',
    first_name: 'Ada',
    last_name: 'Lovelace',
    fields: Object.fromEntries(values),
    unsubscribe_url,
    webview_url,
  }
}

function sampleValue({ kind, label, options }: CustomField, today: string): FieldValue {
  switch (kind) {
    case 'text':
      return label
    case 'number':
      return 42
    case 'boolean':
      return true
    case 'date':
      return today
    case 'one_of':
      return options[0] ?? ''
    case 'many_of':
      return options.slice(0, 2)
  }
}
