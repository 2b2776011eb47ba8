import type { Reply } from '../mail/smtp/door.ts'

/**
 * Bounce emulation: the local part `bounce+<code>+<text>` asks to be refused with that code and text, URL-encoded
 * and with `+` for a space. Codes other than 400-599 make it an ordinary address. It concerns
 * that recipient alone: the conversation goes on, also after a 421.
 */
export function emulatedBounce(localPart: string): Reply | undefined {
  const [, code = '', encoded = ''] = /^bounce\+([45]\d\d)(?:\+(.*))?$/i.exec(localPart) ?? []
  if (code === '') return undefined
  return { code: Number(code), text: decoded(encoded) || 'Requested action not taken', emulated: true }
}

/** One line of printable ASCII, as RFC 5321 section 4.2 wants reply text; a CR LF in it would be a second reply. */
function decoded(encoded: string): string {
  const spaced = encoded.replaceAll('+', ' ')
  let text = spaced
  try {
    text = decodeURIComponent(spaced)
  } catch {
    // A lone percent sign: the text is meant as it stands.
  }
  return text
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, 400)
}
