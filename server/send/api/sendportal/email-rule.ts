/** RFC 5321, section 4.5.3.1. */
const MAX_LOCAL = 64
const MAX_ADDRESS = 254

// RFC 5322, section 3.2.3, with everything beyond ASCII that RFC 6532 lets in.
const ATOM = String.raw`[\w!#$%&'*+/=?^{|}~\x60\u0080-\u{10ffff}-]+`
const DOT_ATOM = new RegExp(String.raw`^${ATOM}(\.${ATOM})*$`, 'u')
const QUOTED = /^"(?:[\x20-\x21\x23-\x5b\x5d-\x7e\u0080-\uffff]|\\[\x20-\x7e])*"$/
const LABEL = String.raw`[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?`
const DOMAIN = new RegExp(String.raw`^${LABEL}(\.${LABEL})*$`, 'u')
const LITERAL = /^\[(?:\d{1,3}(?:\.\d{1,3}){3}|IPv6:[\da-f:.]+)\]$/i

/** Whether it is written as an address (RFC 5321, section 4.1.2); the DNS is not asked. `user@localhost` is one. */
export function isEmail(text: string): boolean {
  const at = text.lastIndexOf('@')
  const [local, domain] = [text.slice(0, at), text.slice(at + 1)]
  if (at < 1 || local.length > MAX_LOCAL || text.length > MAX_ADDRESS) return false
  // Control characters and odd spaces are in no class above, but for those beyond ASCII.
  if (/[\p{C}\p{Z}]/u.test(text.replaceAll(' ', ''))) return false
  return (DOT_ATOM.test(local) || QUOTED.test(local)) && (DOMAIN.test(domain) || LITERAL.test(domain))
}
