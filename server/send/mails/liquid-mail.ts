import { liquidTemplate } from '../templates/liquid.ts'
import { oneLine } from '../templates/merge-tags.ts'
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

/** As in the text that is made once: whoever reads plain text sees where a link leads. */
const UNCOUNTED = { link: (_link: number, _isDynamic: boolean, shown: string) => shown, end: '' }

type Template = ReturnType<typeof liquidTemplate>

/** A body in Liquid, rendered for each recipient. */
export class LiquidMail {
  readonly #subject: Template
  readonly #html: Template
  /** Null: made of each HTML. */
  readonly #text: Template | null
  readonly #marks: string
  readonly #atoms: BodyAtoms
  readonly #pages: { unsubscribe: string; webview: string }
  readonly #footerHtml: Assembly<MailContext>
  readonly #footerText: Assembly<MailContext>
  readonly #trackers: Assembly<MailContext>

  constructor(
    { subject, html, text, marks }: Extract<Body, { language: 'liquid' }>,
    atoms: BodyAtoms,
    pages: { unsubscribe: string; webview: string },
  ) {
    this.#subject = liquidTemplate(subject, 'text')
    this.#html = liquidTemplate(html, 'html')
    this.#text = text === null ? null : liquidTemplate(text, 'text')
    this.#marks = marks
    this.#atoms = atoms
    this.#pages = pages
    this.#footerHtml = Assembly.of(atoms.footerHtml())
    this.#footerText = Assembly.of(atoms.footerText())
    this.#trackers = Assembly.of(atoms.trackers())
  }

  /** @throws RenderFault */
  content(context: MailContext): Content {
    const { token } = context
    const unsubscribe_url = this.#pages.unsubscribe + token
    const webview_url = this.#pages.webview + token
    const data = liquidData({ ...context.person, unsubscribe_url, webview_url })
    const written = textOf(this.#html(data), '')
    // Its values are escaped there, and nothing in this address needs it.
    const hasWayOut = written.includes(unsubscribe_url)
    const footer = hasWayOut ? '' : this.#footerHtml.text(context)
    const filled = fillMarks(written, this.#marks, {
      link: (link, isDynamic, shown) => this.#atoms.clickFor(link, isDynamic, shown, token),
      end: footer + this.#trackers.text(context),
    })
    const plain =
      this.#text === null
        ? textFromHtml(fillMarks(written, this.#marks, UNCOUNTED))
        : textOf(this.#text(data), 'Text: ')
    return {
      subject: oneLine(textOf(this.#subject(data), 'Subject: ')),
      html: filled,
      text: plain.includes(unsubscribe_url) ? plain : plain + this.#footerText.text(context),
    }
  }
}

function textOf(made: ReturnType<Template>, what: string): string {
  if ('fault' in made) throw new RenderFault(what + made.fault.message)
  return made.text
}
