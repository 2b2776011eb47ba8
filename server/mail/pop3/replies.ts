/**
 * Every reply the session gives by itself, without its line end. Codes in brackets: RFC 2449 section 8 and RFC 3206.
 * Neither USER nor a refusal tells whether a name is known.
 */
export const USER_OK = '+OK now the password'
export const START_TLS = '+OK start TLS'
export const NOTHING_DONE = '+OK'
export const CAPABLE = '+OK capabilities'
export const TOP_FOLLOWS = '+OK top of the message'
export const BYE = '+OK bye'

export const AUTH_BAD = '-ERR [AUTH] invalid login or password'
export const AUTH_UNKNOWN = '-ERR unrecognized authentication type'
export const AUTH_SYNTAX = '-ERR syntax: AUTH mechanism'
export const AUTH_MALFORMED = '-ERR cannot decode response'
export const AUTH_CANCELLED = '-ERR authentication cancelled'
export const APOP_SYNTAX = '-ERR syntax: APOP name digest'
export const NEED_NAME = '-ERR syntax: USER name'
export const NEED_USER = '-ERR USER comes first'
export const NEED_LOGIN = '-ERR log in first'
export const LOGGED_IN = '-ERR already logged in'

export const TLS_ACTIVE = '-ERR TLS already active'
export const TLS_UNAVAILABLE = '-ERR [SYS/TEMP] TLS not available'

export const NO_SUCH_MESSAGE = '-ERR no such message'
export const MESSAGE_GONE = '-ERR the message is gone'
/** RFC 1939 section 6. */
export const NOT_REMOVED = '-ERR [SYS/TEMP] some deleted messages not removed'
export const FAULT = '-ERR [SYS/TEMP] temporary failure, try again later'

export const BAD_ARGUMENT = '-ERR bad argument'
export const NO_ARGUMENT = '-ERR no argument expected'
export const UNKNOWN_COMMAND = '-ERR command not recognized'
export const BAD_CHARACTER = '-ERR illegal character in command'
export const LINE_TOO_LONG = '-ERR line too long'
export const TOO_MANY_ERRORS = '-ERR too many errors'
export const TOO_MANY_CONNECTIONS = '-ERR [SYS/TEMP] too many connections'
export const SHUTTING_DOWN = '-ERR [SYS/TEMP] service shutting down'

/** RFC 1939 section 7: the timestamp is what APOP is computed with. */
export function greeting(timestamp: string): string {
  return `+OK POP3 ready ${timestamp}`
}

/** RFC 5034 section 4: also an empty challenge has its blank. */
export function challenge(text: string): string {
  return `+ ${text}`
}

export function opened(count: number, size: number): string {
  return `+OK ${count} messages (${size} octets)`
}

export function deleted(number: number): string {
  return `+OK message ${number} deleted`
}

export function octets(size: number): string {
  return `+OK ${size} octets`
}

/**
 * RFC 2449 section 6 and RFC 5034 section 3: these are told in both states, though USER and SASL serve in the first
 * one only. STLS goes when it has been done or cannot be (RFC 2595 section 4). Nobody is ever told [IN-USE]: a sandbox
 * may be read by two at once.
 */
export function capabilities(startTls: boolean): string[] {
  const list = [
    'TOP',
    'UIDL',
    'USER',
    'SASL PLAIN LOGIN CRAM-MD5',
    'RESP-CODES',
    'AUTH-RESP-CODE',
    'PIPELINING',
  ]
  if (startTls) list.push('STLS')
  return list
}

export function wireForm(reply: string): string {
  return `${reply}\r\n`
}
