const ASCII = /^[\0-\x7f]*$/
/** Latin letters, dashes and quotes, currencies: asked once, where looking for each mark of Unicode was a tenth of an ingest. */
const NO_MARKS = /^[\0-\u02ff\u2000-\u206f\u20a0-\u20cf]*$/

/**
 * Lower case, compatibility forms folded, marks stripped: the same tokens on both engines.
 * Text that is plain ASCII, as most is, takes the short way.
 */
export function fold(text: string): string {
  // PostgreSQL refuses NUL in text, and the two engines would part here.
  const clean = text.includes('\0') ? text.replaceAll('\0', ' ') : text
  if (ASCII.test(clean)) return clean.toLowerCase()
  const bare = clean.normalize('NFKD').replace(/[\u0300-\u036f]+/g, '')
  return (NO_MARKS.test(bare) ? bare : bare.replace(/\p{M}+/gu, '')).toLowerCase()
}

/** The words of a folded text, as both indexes cut them. */
export function wordsIn(folded: string): string[] {
  return folded.match(/[\p{L}\p{N}\p{Co}]+/gu) ?? []
}

/** An inbox as one word that no mail contains: a private-use character, then the id. */
export function wordOf(inboxId: number): string {
  return `\ue000${inboxId}`
}

/** An inbox as exactly one trigram: its id in base 4096 over private-use characters. */
export function trigramOf(inboxId: number): string {
  const digit = (shift: number) => String.fromCharCode(0xe100 + (Math.floor(inboxId / shift) % 4096))
  return digit(4096 * 4096) + digit(4096) + digit(1)
}
