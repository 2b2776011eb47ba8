import juice from 'juice'
import type { Finished, LiquidData, Parts, TemplateFault } from './compile-jobs.ts'
import { liquidTemplate } from './liquid.ts'
import { oneLine } from './merge-tags.ts'
import { textFromHtml } from './plain-text.ts'

/** Loaded by the compiling thread only. */
export function finish(parts: Parts, liquid: LiquidData | null): Finished {
  const faults: TemplateFault[] = []
  const rendered = (source: string, into: 'html' | 'text', what: string): string => {
    if (liquid === null) return source
    const made = liquidTemplate(source, into)(liquid)
    if ('text' in made) return made.text
    // Lines are those of the finished HTML here, not of what the author sees.
    faults.push({ line: null, message: what + made.fault.message })
    return ''
  }
  const subject = oneLine(rendered(parts.subject, 'text', 'Subject: '))
  const html = inlined(rendered(parts.html, 'html', ''))
  const text = parts.text === null ? textFromHtml(html) : rendered(parts.text, 'text', 'Text: ')
  return { html, text, subject, faults }
}

/** Many mail programs drop style sheets. What an element says of itself wins, and media queries stay where they are. */
export function inlined(html: string): string {
  return /<style\b/i.test(html) ? juice(html, { applyWidthAttributes: false }) : html
}
