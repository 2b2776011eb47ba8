import { renderLiquid } from '../templates/liquid.ts'
import { oneLine, type MergePerson } from '../templates/merge-tags.ts'
import { textFromHtml } from '../templates/plain-text.ts'
import { liquidData } from '../templates/rendering.ts'
import { Assembly } from './assembly.ts'
import type { BodyAtoms, MailContext } from './body-atoms.ts'
import { fillMarks } from './liquid-marks.ts'
import type { Body } from './program.ts'
import { RenderFault } from './render-fault.ts'

/** What one person is shown. */
export interface Content {
  subject: string
  html: string
  text: string
}

/** A body in Liquid, rendered from its source for each recipient. */
export class LiquidMail {
  readonly #body: Extract<Body, { language: 'liquid' }>
  readonly #atoms: BodyAtoms
  readonly #pages: { unsubscribe: string; webview: string }
  readonly #footerHtml: Assembly<MailContext>
  readonly #footerText: Assembly<MailContext>
  readonly #trackers: Assembly<MailContext>

  constructor(
    body: Extract<Body, { language: 'liquid' }>,
    atoms: BodyAtoms,
    pages: { unsubscribe: string; webview: string },
  ) {
    this.#body = body
    this.#atoms = atoms
    this.#pages = pages
    this.#footerHtml = Assembly.of(atoms.footerHtml())
    this.#footerText = Assembly.of(atoms.footerText())
    this.#trackers = Assembly.of(atoms.trackers())
  }

  /** @throws RenderFault */
  content(context: MailContext): Content {
    const { subject, html, text, marks } = this.#body
    const { token } = context
    const unsubscribe_url = this.#pages.unsubscribe + token
    const person = { ...context.person, unsubscribe_url, webview_url: this.#pages.webview + token }
    const written = rendered(html, person, 'html', '')
    // Its values are escaped there, and nothing in this address needs it.
    const hasWayOut = written.includes(unsubscribe_url)
    const footer = hasWayOut ? '' : this.#footerHtml.text(context)
    const filled = fillMarks(written, marks, {
      link: (link, isDynamic, shown) => this.#atoms.clickFor(link, isDynamic, shown, token),
      end: footer + this.#trackers.text(context),
    })
    const plain = text === null ? textFromHtml(filled) : rendered(text, person, 'text', 'Text: ')
    return {
      subject: oneLine(rendered(subject, person, 'text', 'Subject: ')),
      html: filled,
      text: plain.includes(unsubscribe_url) ? plain : plain + this.#footerText.text(context),
    }
  }
}

function rendered(source: string, person: MergePerson, into: 'html' | 'text', what: string): string {
  const made = renderLiquid(source, liquidData(person), into)
  if ('fault' in made) throw new RenderFault(what + made.fault.message)
  return made.text
}
