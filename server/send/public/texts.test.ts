import { expect, it } from 'vitest'
import { en } from './en.ts'
import { chooseLocale, filled, LOCALES, textsIn } from './texts.ts'

it('speaks the language that was chosen, else the one that is liked best', () => {
  expect(chooseLocale('de', 'fr')).toBe('de')
  expect(chooseLocale('', 'fr-CA, en;q=0.9')).toBe('fr')
  expect(chooseLocale('', 'lv, es-MX;q=0.5, de;q=0.8')).toBe('de')
  expect(chooseLocale('', 'de;q=0, *')).toBe('en')
  expect(chooseLocale('', undefined)).toBe('en')
  expect(chooseLocale('tlh', 'x'.repeat(10_000))).toBe('en')
})

it('has the same to fill in in every language', () => {
  const gaps = (text: string) => (text.match(/\{\w+\}/g) ?? []).toSorted()
  for (const locale of LOCALES)
    for (const [key, text] of Object.entries(textsIn(locale)))
      expect([locale, key, gaps(text)]).toEqual([locale, key, gaps(en[key as keyof typeof en])])
  // What is filled in is text, whatever it looks like.
  expect(filled('{name} {else}', { name: '{email} $&' })).toBe('{email} $& {else}')
})
