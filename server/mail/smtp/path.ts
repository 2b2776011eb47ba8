/**
 * Reverse and forward paths of RFC 5321 section 4.1.2, with what the field sends besides: no angle
 * brackets, a blank after the colon, and dots in odd places of a local part (some mailboxes of
 * mobile carriers really are called `a..b.@example.jp`).
 */

const LABEL = String.raw`[A-Za-z0-9_\-\u0080-\uffff]+`
const DOMAIN = String.raw`(?:${LABEL}(?:\.${LABEL})*|\[[A-Za-z0-9.:\-]+\])`
const LOCAL = String.raw`(?:[^\u0000-\u0020\u007f"(),:;<>@[\\\]]+|"(?:[^\u0000-\u001f\u007f"\\]|\\[\u0020-\u007e])*")`
const MAILBOX = `${LOCAL}@${DOMAIN}`
/** RFC 5321 appendix C: source routes are understood and ignored. */
const ROUTE = `(?:@${DOMAIN}(?:,@${DOMAIN})*:)?`

/** No part can match where its neighbour does, so a hostile line costs linear time. */
const PATH = new RegExp(` *(?:<(?:${ROUTE}(${MAILBOX})|(postmaster)|())>|(${MAILBOX}))(?= |$)`, 'iy')

/** RFC 1035: no name is longer. The local part has no limit but that of the line. */
const MAX_DOMAIN = 255

/**
 * The mailbox of the path at `start` and where the path ends. '' is the null path `<>`; a bare
 * `postmaster` keeps its spelling. Undefined when there is no path.
 */
export function readPath(text: string, start: number): { mailbox: string; end: number } | undefined {
  PATH.lastIndex = start
  const match = PATH.exec(text)
  if (!match) return undefined
  const mailbox = match[1] ?? match[2] ?? match[4] ?? ''
  if (mailbox.length > MAX_DOMAIN && mailbox.length - mailbox.lastIndexOf('@') > MAX_DOMAIN + 1)
    return undefined
  return { mailbox, end: PATH.lastIndex }
}
