import type { Reply } from './door.ts'

/**
 * Every reply the session gives by itself. Clients compare some of these texts in full, so they
 * change only with the contract. Codes: RFC 5321 section 4.2.3; enhanced codes: RFC 3463.
 */
export const OK: Reply = { code: 250, text: '2.0.0 OK' }
export const SENDER_OK: Reply = { code: 250, text: '2.1.0 Ok' }
/** 2.1.0 and not 2.1.5: the service whose clients we serve says so. */
export const RECIPIENT_OK: Reply = { code: 250, text: '2.1.0 Ok' }
export const QUEUED: Reply = { code: 250, text: '2.0.0 Ok: queued' }
export const GO_AHEAD: Reply = { code: 354, text: 'Go ahead' }
export const BYE: Reply = { code: 221, text: '2.0.0 Bye' }
export const START_TLS: Reply = { code: 220, text: '2.0.0 Start TLS' }
export const AUTH_OK: Reply = { code: 235, text: '2.0.0 OK' }
/** RFC 5321 section 3.5.3: 252 tells nothing about who is here. */
export const CANNOT_VRFY: Reply = { code: 252, text: '2.0.0 Cannot VRFY user, but will accept message' }
export const HELP: Reply = {
  code: 214,
  text: [
    '2.0.0 EHLO HELO MAIL RCPT DATA BDAT RSET NOOP QUIT',
    '2.0.0 VRFY EXPN HELP AUTH STARTTLS, as in RFC 5321',
  ],
}

export const AUTH_BAD: Reply = { code: 535, text: '5.7.0 Invalid login or password' }
export const AUTH_REQUIRED: Reply = { code: 530, text: '5.7.1 Authentication required' }
export const AUTH_UNKNOWN: Reply = { code: 504, text: '5.5.2 Unrecognized authentication type' }
export const AUTH_SYNTAX: Reply = { code: 501, text: '5.5.4 Syntax: AUTH mechanism' }
/** RFC 4954 section 4: what cannot be decoded, and `*`, are both 501. */
export const AUTH_MALFORMED: Reply = { code: 501, text: '5.5.2 Error: cannot decode response' }
export const AUTH_CANCELLED: Reply = { code: 501, text: '5.7.0 Authentication cancelled' }
export const AUTH_TWICE: Reply = { code: 503, text: '5.5.1 Error: already authenticated' }
export const AUTH_IN_TRANSACTION: Reply = { code: 503, text: '5.5.1 Error: AUTH during a mail transaction' }

export const TLS_ACTIVE: Reply = { code: 503, text: '5.5.1 Error: TLS already active' }
/** RFC 3207 section 4. */
export const TLS_UNAVAILABLE: Reply = { code: 454, text: '4.7.0 TLS not available' }

export const TOO_BIG: Reply = { code: 552, text: '5.3.4 Error: message too big' }
export const NO_STORAGE: Reply = { code: 452, text: '4.3.1 Insufficient system storage' }
export const TOO_MANY_RECIPIENTS: Reply = { code: 452, text: '4.5.3 Too many recipients' }
export const NO_RECIPIENTS: Reply = { code: 554, text: '5.5.1 Error: no valid recipients' }
export const FAULT: Reply = { code: 451, text: '4.3.0 Error: temporary failure, try again later' }

export const NESTED_MAIL: Reply = { code: 503, text: '5.5.1 Error: nested MAIL command' }
export const NEED_MAIL: Reply = { code: 503, text: '5.5.1 Error: need MAIL command' }
export const NEED_RCPT: Reply = { code: 503, text: '5.5.1 Error: need RCPT command' }
/** RFC 3030 section 3: one transaction uses DATA or BDAT, never both, and takes no recipient after the first chunk. */
export const IN_CHUNKS: Reply = { code: 503, text: '5.5.1 Error: BDAT under way' }

export const BAD_SENDER: Reply = { code: 501, text: '5.1.7 Bad sender address syntax' }
export const BAD_RECIPIENT: Reply = { code: 501, text: '5.1.3 Bad recipient address syntax' }
export const BAD_PARAMETER: Reply = { code: 501, text: '5.5.4 Error: bad parameter value' }
export const UNKNOWN_PARAMETER: Reply = { code: 555, text: '5.5.4 Unsupported option' }
export const NO_ARGUMENT: Reply = { code: 501, text: '5.5.4 Syntax error: no argument expected' }
export const GREETING_SYNTAX: Reply = { code: 501, text: '5.5.4 Syntax: EHLO hostname' }
export const BDAT_SYNTAX: Reply = { code: 501, text: '5.5.4 Syntax: BDAT size [LAST]' }
export const UNKNOWN_COMMAND: Reply = { code: 502, text: '5.5.2 Error: command not recognized' }
export const NOT_IMPLEMENTED: Reply = { code: 502, text: '5.5.1 Error: command not implemented' }
export const LINE_TOO_LONG: Reply = { code: 500, text: '5.5.2 Error: line too long' }
export const BAD_CHARACTER: Reply = { code: 500, text: '5.5.2 Error: illegal character in command' }

export const NOT_HTTP: Reply = { code: 554, text: '5.5.1 Error: this is SMTP, not HTTP' }
export const TALKED_EARLY: Reply = { code: 554, text: '5.5.1 Error: talked before the greeting' }
export const TOO_MANY_ERRORS: Reply = { code: 421, text: '4.7.0 Error: too many errors' }
export const TOO_MANY_COMMANDS: Reply = { code: 421, text: '4.7.0 Error: too many commands' }
export const TOO_MANY_CONNECTIONS: Reply = { code: 421, text: '4.7.0 Error: too many connections' }
export const TIMEOUT: Reply = { code: 421, text: '4.4.2 Error: timeout exceeded' }
export const SHUTTING_DOWN: Reply = { code: 421, text: '4.3.2 Service shutting down' }

export function greeting(hostname: string): Reply {
  return { code: 220, text: `${hostname} ESMTP ready` }
}

export function helo(hostname: string): Reply {
  return { code: 250, text: hostname }
}

/** The order is that of the contract: STARTTLS last, and once it is done or cannot be had, AUTH last. */
export function ehlo(hostname: string, maxSize: number, startTls: boolean): Reply {
  const text = [
    hostname,
    `SIZE ${maxSize}`,
    'PIPELINING',
    'ENHANCEDSTATUSCODES',
    '8BITMIME',
    'DSN',
    'SMTPUTF8',
    'CHUNKING',
    'AUTH PLAIN LOGIN CRAM-MD5',
  ]
  if (startTls) text.push('STARTTLS')
  return { code: 250, text }
}

export function challenge(text: string): Reply {
  return { code: 334, text }
}

export function chunkReceived(octets: number): Reply {
  return { code: 250, text: `2.0.0 ${octets} octets received` }
}

/** RFC 5321 section 4.2: printable ASCII, so that nothing a peer put into a text can end the line early. */
const UNPRINTABLE = /[^\t\x20-\x7e]/g
/** Section 4.5.3.1.5 allows 512 bytes with code and CRLF. */
const MAX_TEXT = 500

export function wireForm(reply: Reply): string {
  if (typeof reply.text === 'string') return `${reply.code} ${printable(reply.text)}\r\n`
  const last = reply.text.length - 1
  return reply.text
    .map((line, at) => `${reply.code}${at === last ? ' ' : '-'}${printable(line)}\r\n`)
    .join('')
}

function printable(text: string): string {
  return (text.length > MAX_TEXT ? text.slice(0, MAX_TEXT) : text).replace(UNPRINTABLE, '?')
}
