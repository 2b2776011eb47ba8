import { de } from './de.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import { fr } from './fr.ts'

/** What the public pages and their mails say in one language; `{…}` is filled in. */
export type Texts = { readonly [K in keyof typeof en]: string }

const CATALOGUES = { en, de, fr, es } satisfies Record<string, Texts>

export type Locale = keyof typeof CATALOGUES

/** The first speaks where no other was asked for. */
export const LOCALES = Object.keys(CATALOGUES) as Locale[]

export function textsIn(locale: Locale): Texts {
  return CATALOGUES[locale]
}

/**
 * @param chosen by the workspace; empty: it did not choose
 * @param acceptLanguage RFC 9110, section 12.5.4
 */
export function chooseLocale(chosen: string, acceptLanguage: string | undefined): Locale {
  return localeIn(chosen) ?? preferred(acceptLanguage ?? '') ?? 'en'
}

/** The language of a tag, whatever its region: `de-AT` is `de` (RFC 4647, section 3.4). */
function localeIn(tag: string): Locale | undefined {
  const language = tag.trim().toLowerCase().split('-')[0]
  return LOCALES.find(locale => locale === language)
}

function preferred(header: string): Locale | undefined {
  return header
    .slice(0, 500)
    .split(',')
    .map(part => {
      const [tag = '', ...parameters] = part.split(';')
      const q = parameters.map(parameter => parameter.trim()).find(parameter => parameter.startsWith('q='))
      return { locale: localeIn(tag), quality: q === undefined ? 1 : Number(q.slice(2)) || 0 }
    })
    .filter(({ locale, quality }) => locale !== undefined && quality > 0)
    .toSorted((a, b) => b.quality - a.quality)[0]?.locale
}

/** @param values by name, without braces */
export function filled(text: string, values: Record<string, string>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
}
