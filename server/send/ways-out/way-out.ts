/**
 * What every way out can do: take one mail at a time and say truly what became of it. The sending thread calls it;
 * it paces, retries and writes down, the way out does neither.
 */
export interface WayOut {
  /** Whether it wants the whole message, or its parts because the provider composes by itself. */
  readonly takes: 'bytes' | 'parts'
  /** Hand-overs that may be under way at once. */
  readonly capacity: number
  /** Never rejects. */
  send(mail: OutgoingMail, gate: Gate): Promise<Outcome>
  /** Lets go of idle connections. Nothing is under way any more. */
  close(): void
}

/**
 * Asked immediately before the point of no return: the final dot, or the request to a provider. Resolves once the
 * hand-over is in the journal; false: it must not happen any more (unsubscribed, cancelled, stopping), and nothing of
 * the mail may be left behind (an SMTP client drops the connection).
 */
export type Gate = () => Promise<boolean>

export interface OutgoingMail {
  /** RFC 5321, section 3.3; '' is the null reverse path. */
  reversePath: string
  forwardPath: string
  /** The same whenever the same delivery is tried again, for providers that can tell a repeated request. */
  idempotencyKey: string
  /** A whole message with CRLF line ends, signed. Empty where `takes` is `parts`. */
  bytes: Buffer
  /** Undefined where `takes` is `bytes`. */
  parts: MailParts | undefined
}

export interface MailParts {
  from: { name: string; email: string }
  replyTo: string | null
  to: { name: string; email: string }
  subject: string
  html: string | null
  text: string | null
  /** All others that the message has: Message-ID, List-Unsubscribe and the like, unfolded. */
  headers: readonly (readonly [name: string, value: string])[]
  attachments: readonly MailAttachment[]
}

export interface MailAttachment {
  name: string
  contentType: string
  /** Of an inline picture; null: attached. */
  contentId: string | null
  base64: string
}

export interface Answer {
  /** Of SMTP or HTTP; 0: there was none. */
  code: number
  /** RFC 3463, as `5.1.1`. */
  enhanced: string | null
  /** In the server's words, or what went wrong on the way; one line, at most 500 characters. */
  text: string
  /** When it asks to be left alone for so long. */
  retryAfterMs?: number
}

export type Outcome =
  | { is: 'sent'; answer: Answer; providerId: string | null }
  /** For good: the same mail would be refused again. */
  | { is: 'refused'; answer: Answer }
  /**
   * Not now. `mail`: only this one; `domain`: others to the same domain would fare alike; `service`: this way out
   * takes nothing from anybody (down, login refused, throttled), which says nothing about the mail.
   */
  | { is: 'deferred'; scope: 'mail' | 'domain' | 'service'; answer: Answer }
  /** The gate was passed and no answer came: nobody knows. */
  | { is: 'ambiguous'; answer: Answer }
  /** The gate said no. */
  | { is: 'stopped' }

/** One line of bounded length, for what a server said. */
export function answerText(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text
    .replace(/[\u0000-\u001f\u007f]+/g, ' ')
    .trim()
    .slice(0, 500)
}
