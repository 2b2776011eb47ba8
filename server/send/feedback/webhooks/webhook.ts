import { createHash, timingSafeEqual } from 'node:crypto'
import type { Guard } from '../../../guard.ts'
import { at } from '../../ways-out/outside-json.ts'
import type { Feedback } from '../delivery-feedback.ts'

/** What a provider posted to us. */
export interface WebhookPost {
  /** By name in lower case. */
  header(name: string): string | undefined
  /** Exactly as it came: that is what signatures are over. */
  body: Buffer
  /** Undefined: it is no JSON, or too much of it. */
  json: unknown
}

/** One thing that a provider tells of a mail. */
export interface Telling {
  /** The name that the provider gave to the mail. */
  providerId: string
  /** Of the mail itself, where the provider has it: ours says which delivery it is. */
  messageId?: string | undefined
  /** Whom it was sent to. */
  recipient?: string | undefined
  event: Feedback
}

interface WebhookTools {
  guard: Guard
  now: number
  /** Something that nobody may rely on was told. */
  distrusted(why: string): void
}

/** How one provider tells (contract, section 6.2). */
export interface WebhookProvider {
  typeId: number
  /** Said to what is of no kind that is read. */
  unprocessed: string
  /** Null: it is of no kind that is read. What makes no sense tells nothing. */
  read(post: WebhookPost, tools: WebhookTools): Telling[] | null | Promise<Telling[] | null>
  /** Whether the post comes from where the service with this `webhook_key` is. */
  isGenuine(post: WebhookPost, webhookKey: string | null, now: number): boolean
}

/** Signatures that say when they were made are believed for so long. What is told again is known by its id anyway. */
const FRESH_MS = 15 * 60_000

export function isFresh(signedAt: number, now: number, freshMs = FRESH_MS): boolean {
  return Math.abs(now - signedAt) <= freshMs
}

/** Two texts, in a time that does not tell how much of them is equal. */
export function isSame(given: string, right: string): boolean {
  return timingSafeEqual(sha256(given), sha256(right))
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** Of those providers that can sign nothing, but send a user and a password with every post (RFC 7617). */
export function hasPassword({ header }: WebhookPost, userAndPassword: string | null): boolean {
  if (userAndPassword === null) return true
  const right = `Basic ${Buffer.from(userAndPassword).toString('base64')}`
  return isSame(header('authorization') ?? '', right)
}

/** What tells one event from all others, where its provider gives it no name. */
export function digestOf(event: unknown): string {
  return sha256(JSON.stringify(event)).toString('base64url').slice(0, 22)
}

/** Ms of a Unix time in seconds, perhaps with a fraction. */
export function secondsAt(value: unknown, ...path: string[]): number | undefined {
  const seconds = Number(at(value, ...path) ?? Number.NaN)
  return seconds > 0 && seconds < 1e11 ? Math.floor(seconds * 1000) : undefined
}

/** Ms of an instant as ISO 8601 has it. */
export function instantAt(value: unknown, ...path: string[]): number | undefined {
  const given = at(value, ...path)
  const ms = typeof given === 'string' ? Date.parse(given) : Number.NaN
  return Number.isNaN(ms) ? undefined : ms
}

/** What was told, for the few events whose every word may matter later: those that end something. */
export function rawOf(event: unknown): Record<string, unknown> {
  const text = JSON.stringify(event, (_key, value: unknown) =>
    typeof value === 'string' ? value.slice(0, MOST_OF_A_TEXT) : value,
  )
  return text.length > MOST_RAW ? {} : { raw: JSON.parse(text) as unknown }
}

const MOST_OF_A_TEXT = 500
const MOST_RAW = 8_000
