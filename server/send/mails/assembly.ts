import { encodeValue, QuotedPrintable } from '../../mail/quoted-printable.ts'

/** Stands for the token of the delivery: the same number of harmless characters in every mail. */
export const TOKEN = Symbol('token')

/** What is the same in every mail, its token, or what is made for each. */
export type Atom<C> = string | typeof TOKEN | ((context: C) => string)

interface Context {
  token: string
}

/** A text that is put together over and over: literals, and what stands between them. */
export class Assembly<C extends Context> {
  /** One more than there are slots; each in pieces. */
  readonly #literals: string[][] = [[]]
  /** Joined: copying a string that was added up costs more, and each mail copies all of them. */
  #joined: string[] | undefined
  /** Null: the token. */
  readonly #slots: (((context: C) => string) | null)[] = []

  static of<C extends Context>(atoms: readonly Atom<C>[]): Assembly<C> {
    const assembly = new Assembly<C>()
    for (const atom of atoms) assembly.add(atom)
    return assembly
  }

  add(atom: Atom<C>): void {
    this.#joined = undefined
    if (typeof atom === 'string') this.#literals.at(-1)?.push(atom)
    else {
      this.#slots.push(atom === TOKEN ? null : atom)
      this.#literals.push([])
    }
  }

  /** As quoted-printable. @param tokenLength in characters */
  addEncoded(atoms: readonly Atom<C>[], tokenLength: number): void {
    const encoder = new QuotedPrintable()
    for (const atom of merged(atoms))
      if (typeof atom === 'string') this.add(encoder.write(atom))
      else if (atom === TOKEN) {
        this.add(encoder.reserve(tokenLength))
        this.add(TOKEN)
      } else {
        this.add(encoder.softBreak())
        this.add(context => encodeValue(atom(context)))
      }
  }

  text(context: C): string {
    const literals = (this.#joined ??= this.#literals.map(pieces => pieces.join('')))
    const slots = this.#slots
    const { token } = context
    let text = literals[0] as string
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i] as (typeof slots)[number]
      text += slot === null ? token : slot(context)
      text += literals[i + 1] as string
    }
    return text
  }
}

/** A blank at the end of a text is encoded in another way than one inside. */
function merged<C>(atoms: readonly Atom<C>[]): Atom<C>[] {
  const out: Atom<C>[] = []
  for (const atom of atoms) {
    const last = out.at(-1)
    if (typeof atom === 'string' && typeof last === 'string') out[out.length - 1] = last + atom
    else out.push(atom)
  }
  return out
}
