import { randomBytes } from 'node:crypto'

/**
 * Merge tags in the guise of words, so that what reads HTML (a parser, an inliner, a maker of plain text) leaves them
 * alone. The words are of letters and digits, in no text by chance, and nobody outside can know them.
 */
export class HiddenTags {
  /** Every word begins so. */
  readonly prefix = `q${randomBytes(9).toString('hex')}`
  readonly #word = new RegExp(`${this.prefix}n(\\d+)e`, 'g')
  readonly #hidden: string[] = []

  /** @param kept which ones stay as they are */
  hide(text: string, tag: RegExp, kept: (tag: string) => boolean = () => false): string {
    return text.replace(tag, found => {
      if (kept(found)) return found
      this.#hidden.push(found)
      return `${this.prefix}n${this.#hidden.length - 1}e`
    })
  }

  restore(text: string): string {
    return text.replace(this.#word, (_, n: string) => this.#hidden[Number(n)] ?? '')
  }

  /** How many were hidden so far: those of later texts have higher numbers. */
  get count(): number {
    return this.#hidden.length
  }

  /** Of the tags of a text their numbers, in turn. */
  numbersIn(text: string): number[] {
    return Array.from(text.matchAll(this.#word), ([, n]) => Number(n))
  }

  tag(number: number): string {
    return this.#hidden[number] ?? ''
  }

  /** The text between the tags, in turn: one more than there are tags. */
  between(text: string): string[] {
    return text.replace(this.#word, this.prefix).split(this.prefix)
  }
}
