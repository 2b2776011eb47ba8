import type { TemplateKind, TemplateLanguage } from '../../calls/templates.ts'

export const KINDS: Record<TemplateKind, { name: string; about: string }> = {
  blocks: { name: 'Visual', about: 'Put together from blocks, no code needed.' },
  html: { name: 'HTML', about: 'Full control. Styles are inlined when it is sent.' },
  mjml: { name: 'MJML', about: 'Short tags that become HTML every mail program shows.' },
  markdown: { name: 'Markdown', about: 'Plain text with a little markup, for letters.' },
}

export const LANGUAGES: Record<TemplateLanguage, string> = { tags: 'Plain tags', liquid: 'Liquid' }
