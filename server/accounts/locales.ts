/**
 * Whose way of writing dates and numbers people may choose (BCP 47). A language without a region is written as the
 * browser's own region writes it.
 */
export const LOCALES = [
  'en',
  'en-GB',
  'en-US',
  'cs',
  'da',
  'de',
  'de-AT',
  'de-CH',
  'es',
  'fi',
  'fr',
  'it',
  'ja',
  'ko',
  'lv',
  'nb',
  'nl',
  'pl',
  'pt',
  'pt-BR',
  'ro',
  'sv',
  'tr',
  'uk',
  'zh',
] as const
