import type { Envelope, Recipient, Reply } from './door.ts'
import { readMailParameters, readRcptParameters } from './parameters.ts'
import { readPath } from './path.ts'
import { BAD_RECIPIENT, BAD_SENDER } from './replies.ts'

/** Command lines of RFC 5321 section 4.1.1, as strings without their line end. */

/** An envelope while the transaction is open: recipients are still being added. */
export type OpenEnvelope = Omit<Envelope, 'recipients'> & { readonly recipients: Recipient[] }

/** The verb in capitals, and what follows the blank. */
export function splitCommand(line: string): { verb: string; argument: string } {
  const blank = line.indexOf(' ')
  if (blank < 0) return { verb: line.toUpperCase(), argument: '' }
  return { verb: line.slice(0, blank).toUpperCase(), argument: line.slice(blank + 1).trim() }
}

/** `FROM:<a@example.com> SIZE=1000` */
export function readMail(argument: string): OpenEnvelope | Reply {
  const path = /^FROM:/i.test(argument) ? readPath(argument, 5) : undefined
  if (!path || path.mailbox.toLowerCase() === 'postmaster') return BAD_SENDER
  const parameters = readMailParameters(argument.slice(path.end))
  if ('code' in parameters) return parameters
  return {
    reversePath: path.mailbox,
    recipients: [],
    size: parameters.size,
    body: parameters.body,
    smtputf8: parameters.smtputf8,
    ret: parameters.ret,
    envid: parameters.envid,
  }
}

/** `TO:<a@example.com> NOTIFY=NEVER` */
export function readRcpt(argument: string): Recipient | Reply {
  const path = /^TO:/i.test(argument) ? readPath(argument, 3) : undefined
  if (!path || path.mailbox === '') return BAD_RECIPIENT
  const parameters = readRcptParameters(argument.slice(path.end))
  if ('code' in parameters) return parameters
  return { forwardPath: path.mailbox, notify: parameters.notify, orcpt: parameters.orcpt }
}

/** `1000 LAST` of RFC 3030. Undefined when malformed. */
export function readBdat(argument: string): { octets: number; last: boolean } | undefined {
  const match = /^(\d{1,15})( +LAST)?$/i.exec(argument)
  return match ? { octets: Number(match[1]), last: match[2] !== undefined } : undefined
}

const HTTP_METHODS = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'CONNECT',
  'OPTIONS',
  'TRACE',
  'PATCH',
  'PRI',
])

/** A browser can be made to POST mail commands to any port; the request line gives it away. */
export function isHttp(verb: string, argument: string): boolean {
  return HTTP_METHODS.has(verb) || / HTTP\/\d/.test(argument)
}
