/** How dates and numbers are written: as the browser does it, until somebody is signed in who has chosen. */
let locale: string | undefined
let timeZone: string | undefined
const made = new Map<object, Intl.DateTimeFormat | Intl.NumberFormat>()

/** What nobody has chosen. */
export const OF_BROWSER = 'Etc/UTC'

export function writeFor(user: { locale: string; timezone: string } | null): void {
  made.clear()
  // English is written as one's own part of the world writes it.
  locale = user
    ? (navigator.languages.find(own => `${own}-`.startsWith(`${user.locale}-`)) ?? user.locale)
    : undefined
  timeZone = user && user.timezone !== OF_BROWSER ? user.timezone : undefined
}

export function dates(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const known = made.get(options) as Intl.DateTimeFormat | undefined
  if (known) return known
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat(locale, { timeZone, ...options })
  } catch {
    // The server may know a zone that this browser does not.
    format = new Intl.DateTimeFormat(locale, options)
  }
  made.set(options, format)
  return format
}

export function numbers(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const known = made.get(options) as Intl.NumberFormat | undefined
  const format = known ?? new Intl.NumberFormat(locale, options)
  made.set(options, format)
  return format
}
