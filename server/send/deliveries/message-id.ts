import { timingSafeEqual } from 'node:crypto'
import { domainToASCII } from 'node:url'
import { urlSignature } from '../feedback/public-token.ts'

/**
 * The Message-ID of a delivery (RFC 5322, section 3.6.4): the same whenever it is made, so that a mail of which nobody
 * knows whether it arrived can be searched for in other people's logs. It tells nothing but two numbers.
 * @param key of Secrets.key(DELIVERY_KEY)
 * @param delivery campaign_id null: a mail by itself
 * @returns with angle brackets
 */
export function messageIdOf(
  key: Buffer,
  delivery: { id: number; campaign_id: number | null },
  fromEmail: string,
): string {
  const mark = urlSignature(key, 'message-id', String(delivery.id)).slice(0, 10)
  const domain = domainToASCII(fromEmail.slice(fromEmail.lastIndexOf('@') + 1)) || 'localhost'
  return `<${delivery.campaign_id ?? 0}.${delivery.id}.${mark}@${domain}>`
}

/** Which delivery has that Message-ID, with angle brackets or without. Undefined: it is none of ours. */
export function deliveryIdIn(key: Buffer, messageId: string): number | undefined {
  const [, id = '', given = ''] = /^<?\d{1,15}\.(\d{1,15})\.([\w-]{10})@/.exec(messageId) ?? []
  if (id === '') return undefined
  const right = urlSignature(key, 'message-id', id).slice(0, 10)
  return timingSafeEqual(Buffer.from(given), Buffer.from(right)) ? Number(id) : undefined
}
