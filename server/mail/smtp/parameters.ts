import type { Envelope, Recipient, Reply } from './door.ts'
import { BAD_PARAMETER, UNKNOWN_PARAMETER } from './replies.ts'

/** The ESMTP parameters of MAIL and RCPT (RFC 5321 section 4.1.2). */

type MailParameters = Pick<Envelope, 'size' | 'body' | 'smtputf8' | 'ret' | 'envid'>
type RcptParameters = Pick<Recipient, 'notify' | 'orcpt'>

const NO_MAIL_PARAMETERS: MailParameters = {
  size: undefined,
  body: undefined,
  smtputf8: false,
  ret: undefined,
  envid: undefined,
}
const NO_RCPT_PARAMETERS: RcptParameters = { notify: [], orcpt: undefined }

export function readMailParameters(text: string): MailParameters | Reply {
  const given = split(text)
  if (given === undefined) return NO_MAIL_PARAMETERS
  if ('code' in given) return given
  const found: { -readonly [K in keyof MailParameters]: MailParameters[K] } = { ...NO_MAIL_PARAMETERS }
  for (const [key, value] of given.pairs) {
    switch (key) {
      // RFC 1870 section 3
      case 'SIZE':
        if (!/^\d{1,20}$/.test(value)) return BAD_PARAMETER
        found.size = Number(value)
        break
      // RFC 6152; BINARYMIME of RFC 3030 is not offered, so it is not known
      case 'BODY': {
        const body = value.toUpperCase()
        if (body !== '7BIT' && body !== '8BITMIME')
          return body === 'BINARYMIME' ? UNKNOWN_PARAMETER : BAD_PARAMETER
        found.body = body
        break
      }
      // RFC 6531 section 3.4
      case 'SMTPUTF8':
        if (value !== '') return BAD_PARAMETER
        found.smtputf8 = true
        break
      // RFC 3461 section 4.3
      case 'RET': {
        const ret = value.toUpperCase()
        if (ret !== 'FULL' && ret !== 'HDRS') return BAD_PARAMETER
        found.ret = ret
        break
      }
      // RFC 3461 section 4.4
      case 'ENVID': {
        const envid = fromXtext(value, 100)
        if (envid === undefined) return BAD_PARAMETER
        found.envid = envid
        break
      }
      // RFC 4954 section 5: who wrote it, says a peer we have no reason to believe
      case 'AUTH':
        if (value === '') return BAD_PARAMETER
        break
      default:
        return UNKNOWN_PARAMETER
    }
  }
  return found
}

export function readRcptParameters(text: string): RcptParameters | Reply {
  const given = split(text)
  if (given === undefined) return NO_RCPT_PARAMETERS
  if ('code' in given) return given
  const found: { -readonly [K in keyof RcptParameters]: RcptParameters[K] } = { ...NO_RCPT_PARAMETERS }
  for (const [key, value] of given.pairs) {
    switch (key) {
      // RFC 3461 section 4.1
      case 'NOTIFY': {
        const notify = value.toUpperCase().split(',')
        const known = notify.every(word => word === 'SUCCESS' || word === 'FAILURE' || word === 'DELAY')
        if (!known && !(notify.length === 1 && notify[0] === 'NEVER')) return BAD_PARAMETER
        found.notify = notify
        break
      }
      // RFC 3461 section 4.2
      case 'ORCPT': {
        const orcpt = /^[A-Za-z0-9-]+;./.test(value) ? fromXtext(value, 500) : undefined
        if (orcpt === undefined) return BAD_PARAMETER
        found.orcpt = orcpt
        break
      }
      default:
        return UNKNOWN_PARAMETER
    }
  }
  return found
}

function split(text: string): { pairs: Map<string, string> } | Reply | undefined {
  if (text === '') return undefined
  const pairs = new Map<string, string>()
  for (const word of text.split(' ')) {
    if (word === '') continue
    const match = /^([A-Za-z0-9][A-Za-z0-9-]*)(?:=(.+))?$/.exec(word)
    const key = match?.[1]?.toUpperCase()
    if (key === undefined || pairs.has(key)) return BAD_PARAMETER
    pairs.set(key, match?.[2] ?? '')
  }
  return { pairs }
}

/** RFC 3461 section 4: `+2B` is a plus. Undefined for what is no xtext, is longer than `max`, or hides a control character. */
function fromXtext(text: string, max: number): string | undefined {
  if (text === '' || text.length > max || !/^(?:[^+=]|\+[0-9A-F]{2})+$/.test(text)) return undefined
  if (!text.includes('+')) return text
  const hex = Buffer.from(text)
    .toString('latin1')
    .replace(/\+(..)/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
  const plain = Buffer.from(hex, 'latin1').toString()
  return /[\u0000-\u001f\u007f]/.test(plain) ? undefined : plain
}
