import { chooseLocale, textsIn } from '../public/texts.ts'
import { urlSignature } from '../feedback/public-token.ts'
import { escapeHtml, type Vocabulary } from '../templates/merge-tags.ts'
import { Assembly, type Atom, TOKEN } from './assembly.ts'
import type { mailPages } from './mail-pages.ts'
import type { MailRecipient, Piece } from './program.ts'

/** Of one mail. */
export interface MailContext {
  token: string
  /** Tags for pages are pieces of their own. */
  person: MailRecipient
}

type MailAtom = Atom<MailContext>

export interface Surroundings {
  pages: ReturnType<typeof mailPages>
  tokenKey: Buffer
  words: Vocabulary
  opensTracked: boolean
  clicksTracked: boolean
  locale: string
}

/** Makes of the pieces of a campaign what is put together for each of its recipients. */
export class BodyAtoms {
  readonly #around: Surroundings

  constructor(around: Surroundings) {
    this.#around = around
  }

  html(pieces: readonly Piece[], hasWayOut: boolean): MailAtom[] {
    return pieces.flatMap(piece => {
      if (typeof piece === 'string') return [piece]
      if ('tag' in piece) return [this.#value(piece, escapeHtml)]
      if ('page' in piece) return [escapeHtml(this.#around.pages[piece.page]), TOKEN]
      if ('place' in piece) return [...(hasWayOut ? [] : this.footerHtml()), ...this.trackers()]
      if (!this.#around.clicksTracked) return this.html(piece.shown, true)
      return piece.url === null ? this.#click(piece.link) : [this.#dynamicClick(piece.link, piece.url)]
    })
  }

  /** The plain text, with a way out. */
  plain(pieces: readonly Piece[]): MailAtom[] {
    const hasWayOut = pieces.some(
      piece => typeof piece === 'object' && 'page' in piece && piece.page === 'unsubscribe',
    )
    return [...this.text(pieces), ...(hasWayOut ? [] : this.footerText())]
  }

  /** As it is. */
  text(pieces: readonly Piece[]): MailAtom[] {
    return pieces.flatMap(piece => {
      if (typeof piece === 'string') return [piece]
      if ('tag' in piece) return [this.#value(piece, value => value)]
      return 'page' in piece ? [this.#around.pages[piece.page], TOKEN] : []
    })
  }

  /** Whoever is sent a campaign can leave it. */
  footerHtml(): MailAtom[] {
    const { unsubscribe } = textsIn(chooseLocale(this.#around.locale, undefined))
    return [
      '<div style="padding:16px;text-align:center;font:12px/1.5 sans-serif;color:#666666">' +
        `<a style="color:#666666" href="${escapeHtml(this.#around.pages.unsubscribe)}`,
      TOKEN,
      `">${unsubscribe}</a></div>`,
    ]
  }

  footerText(): MailAtom[] {
    const { unsubscribe } = textsIn(chooseLocale(this.#around.locale, undefined))
    return [`\n\n${unsubscribe}: ${this.#around.pages.unsubscribe}`, TOKEN]
  }

  /** A link that only a program follows, and a picture that is fetched when the mail is shown. */
  trackers(): MailAtom[] {
    const { opensTracked, clicksTracked, pages } = this.#around
    const atoms: MailAtom[] = []
    if (clicksTracked)
      atoms.push(
        '<a href="',
        ...this.#click(0),
        '" style="display:none" aria-hidden="true" tabindex="-1" rel="nofollow"></a>',
      )
    if (opensTracked)
      atoms.push(
        `<img src="${escapeHtml(pages.open)}`,
        TOKEN,
        '.gif" width="1" height="1" alt="" style="border:0;width:1px;height:1px">',
      )
    return atoms
  }

  #click(link: number): MailAtom[] {
    return [escapeHtml(this.#around.pages.click), TOKEN, `/${link}`]
  }

  /** The value of a `href` in HTML that was rendered already. @param shown as it stands there */
  clickFor(link: number, isDynamic: boolean, shown: string, token: string): string {
    if (!this.#around.clicksTracked) return shown
    return isDynamic
      ? this.#clickTo(link, withoutEntities(shown).trim(), token)
      : `${escapeHtml(this.#around.pages.click)}${token}/${link}`
  }

  /** The address travels in the link, signed: else it would lead anywhere that somebody writes into it. */
  #clickTo(link: number, url: string, token: string): string {
    if (!/^https?:\/\//i.test(url)) return escapeHtml(url)
    const { pages, tokenKey } = this.#around
    const target = Buffer.from(url).toString('base64url')
    return `${escapeHtml(pages.click)}${token}/${link}?u=${target}&amp;s=${urlSignature(tokenKey, token, url)}`
  }

  #dynamicClick(link: number, url: readonly Piece[]): MailAtom {
    const assembly = Assembly.of(this.text(url))
    return context => this.#clickTo(link, assembly.text(context).trim(), context.token)
  }

  #value({ tag, fallback }: { tag: string; fallback: string }, write: (value: string) => string): MailAtom {
    const meaning = this.#around.words.get(tag)
    if (meaning === undefined) return fallback
    return ({ person }) => {
      const value = meaning(person)
      return value === '' ? fallback : write(value)
    }
  }
}

/** Those that rendering writes, and their numbers. */
function withoutEntities(value: string): string {
  return value.replace(/&(amp|lt|gt|quot|#\d{1,3});/gi, (_, name: string) => {
    if (name.startsWith('#')) return String.fromCharCode(Number(name.slice(1)))
    return ENTITIES[name.toLowerCase()] ?? ''
  })
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' }
