import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import type { Guard } from '../../../guard.ts'
import { textAt } from '../../ways-out/outside-json.ts'

/** Where Amazon's notifications come from; nobody else can have a host of that name. */
const HOST = /^sns\.[a-z]{2}(-[a-z]+){1,3}-\d{1,2}\.amazonaws\.com(\.cn)?$/

/** What is signed, in this order; a subject only if there is one. */
const SIGNED: Record<string, readonly string[]> = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: [
    'Message',
    'MessageId',
    'SubscribeURL',
    'Timestamp',
    'Token',
    'TopicArn',
    'Type',
  ],
}
const FETCH = { timeoutMs: 10_000, maxBytes: 65_536 }
/** Certificates that are remembered: Amazon has one for each region, for months. */
const MOST_KEYS = 50

const keys = new WeakMap<Guard, Map<string, Promise<KeyObject>>>()

/** @returns undefined: it is no address of Amazon's notifications */
export function snsUrl(text: string | undefined): URL | undefined {
  const url = text !== undefined && URL.canParse(text) ? new URL(text) : undefined
  const isTheirs =
    url?.protocol === 'https:' && url.port === '' && url.username === '' && HOST.test(url.hostname)
  return isTheirs ? url : undefined
}

/**
 * Whether Amazon signed the envelope: version 1 with SHA-1, version 2 with SHA-256.
 * @throws Error: the certificate cannot be had at the moment
 */
export async function isSignedBySns(envelope: unknown, guard: Guard): Promise<boolean> {
  const names = SIGNED[textAt(envelope, 'Type') ?? '']
  const url = snsUrl(textAt(envelope, 'SigningCertURL'))
  const algorithm = { '1': 'RSA-SHA1', '2': 'RSA-SHA256' }[textAt(envelope, 'SignatureVersion') ?? '']
  if (names === undefined || url === undefined || algorithm === undefined) return false
  if (!url.pathname.endsWith('.pem')) return false
  const text = names
    .flatMap(name => {
      const value = textAt(envelope, name)
      return value === undefined ? [] : `${name}\n${value}\n`
    })
    .join('')
  const key = await keyAt(url.href, guard)
  const signature = Buffer.from(textAt(envelope, 'Signature') ?? '', 'base64')
  return key !== undefined && verify(algorithm, Buffer.from(text), key, signature)
}

async function keyAt(url: string, guard: Guard): Promise<KeyObject | undefined> {
  const known = keys.get(guard) ?? new Map<string, Promise<KeyObject>>()
  keys.set(guard, known)
  let key = known.get(url)
  if (key === undefined) {
    if (known.size >= MOST_KEYS) known.clear()
    key = fetchKey(url, guard)
    known.set(url, key)
    key.catch(() => known.delete(url))
  }
  return key
}

async function fetchKey(url: string, guard: Guard): Promise<KeyObject> {
  const { status, body } = await guard.fetch(url, FETCH)
  if (status !== 200) throw new Error(`Amazon's certificate is not to be had: ${status}`)
  return createPublicKey(body)
}

/** Answers what asks whether notifications are wanted here. @throws Error of the network */
export async function confirmSubscription(url: URL, guard: Guard): Promise<void> {
  const { status } = await guard.fetch(url.href, FETCH)
  if (status !== 200) throw new Error(`Amazon does not take the confirmation: ${status}`)
}
