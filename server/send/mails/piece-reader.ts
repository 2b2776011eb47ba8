import type { CustomField } from '../audience/custom-fields.ts'
import {
  escapeAuthored,
  type Into,
  LINKS,
  TAG,
  trimmed,
  type Vocabulary,
  vocabularyOf,
} from '../templates/merge-tags.ts'
import { textFromHtml } from '../templates/plain-text.ts'
import type { HiddenTags } from './hidden-tags.ts'
import type { Piece } from './program.ts'

/** Takes texts with hidden merge tags apart. */
export class PieceReader {
  readonly #hidden: HiddenTags
  readonly #words: Vocabulary
  /** Tags with lower numbers were written in HTML. */
  #markup = Infinity

  constructor(hidden: HiddenTags, fields: readonly CustomField[], locale: string) {
    this.#hidden = hidden
    this.#words = vocabularyOf(fields, locale)
  }

  /** What is hidden from now on was written as plain text. */
  markupEnds(): void {
    this.#markup = this.#hidden.count
  }

  isKnown(tag: string, into: Into): boolean {
    const { name } = parted(tag)
    return this.#words.has(name) && (into !== 'subject' || !LINKS.has(name))
  }

  pieces(text: string, into: Into): Piece[] {
    const numbers = this.#hidden.numbersIn(text)
    const found: Piece[] = []
    for (const [n, between] of this.#hidden.between(text).entries()) {
      if (n > 0) found.push(this.#piece(numbers[n - 1] ?? 0, into))
      if (between !== '') found.push(between)
    }
    return found
  }

  #piece(number: number, into: Into): Piece {
    const { name, fallback } = parted(this.#hidden.tag(number))
    if (LINKS.has(name)) return { page: name === 'webview_url' ? 'webview' : 'unsubscribe' }
    if (into === 'html') return { tag: name, fallback: escapeAuthored(fallback) }
    const isMarkup = number < this.#markup && fallback.includes('&')
    return { tag: name, fallback: isMarkup ? textFromHtml(escapeAuthored(fallback)) : fallback }
  }
}

function parted(tag: string): { name: string; fallback: string } {
  const [, name = '', fallback = ''] = [...tag.matchAll(TAG)][0] ?? []
  return { name: name.toLowerCase(), fallback: trimmed(fallback) }
}
