/**
 * What the owner of the SMTP door answers. The protocol library asks these questions and knows
 * nothing of what is behind them; `L` is whatever a login stands for to the owner.
 */

/** A reply as RFC 5321 section 4.2 has it. `text` begins with the enhanced code of RFC 3463 where one fits; a list is sent as a multi-line reply. */
export interface Reply {
  readonly code: number
  readonly text: string | readonly string[]
  /** Only said: as 421 it does not close, as 503 it is nobody's mistake. */
  readonly emulated?: true
}

/** An answer known at once is given as a plain value: the session then goes on in the same turn of the event loop. */
export type Answer<T> = T | Promise<T>

export interface Peer<L> {
  /** Unique among the connections of this process; for the log. */
  readonly id: string
  readonly remoteAddress: string
  readonly remotePort: number
  readonly localPort: number
  /** What TLS agreed on, or undefined on a plain connection. */
  readonly secure: { readonly protocol: string; readonly cipher: string } | undefined
  /** The name given with EHLO or HELO; empty before. */
  readonly greeting: string
  /** EHLO (true) or HELO (false). */
  readonly esmtp: boolean
  /** The login that AUTH proved, or undefined. */
  readonly login: L | undefined
}

export interface Recipient {
  /** The mailbox of RCPT TO, without angle brackets and source route; a bare `postmaster` is possible. */
  readonly forwardPath: string
  /** RFC 3461 section 4.1: `NEVER`, or some of `SUCCESS`, `FAILURE`, `DELAY`; empty when not given. */
  readonly notify: readonly string[]
  /** RFC 3461 section 4.2, xtext undone, as `rfc822;user@example.com`. */
  readonly orcpt: string | undefined
}

/** One mail transaction. It is the same object from MAIL to the end, so a WeakMap can hang things on it. */
export interface Envelope {
  /** The mailbox of MAIL FROM, without angle brackets and source route; '' is the null reverse path. */
  readonly reversePath: string
  /** Those accepted so far, in order. */
  readonly recipients: readonly Recipient[]
  /** SIZE= of RFC 1870, bytes. A claim, not a fact. */
  readonly size: number | undefined
  readonly body: '7BIT' | '8BITMIME' | undefined
  readonly smtputf8: boolean
  readonly ret: 'FULL' | 'HDRS' | undefined
  /** ENVID= of RFC 3461 section 4.4, xtext undone. */
  readonly envid: string | undefined
}

/** The bytes of one message. */
export interface Content {
  /** Bytes. */
  readonly size: number
  /** How many CRs and LFs did not stand in a CRLF pair. They are kept as they came. */
  readonly lineEnds: { readonly bareCr: number; readonly bareLf: number }
  /**
   * Exactly what was sent between 354 and the final CRLF.CRLF, dots unstuffed, with the CRLF before
   * the dot (or the BDAT chunks, joined). The memory may be shared with the session: read it, copy
   * it, but do not write to it and do not transfer it to another thread. A message that was spilled
   * is read from its file, which may fail.
   */
  bytes(): Answer<Buffer>
  /** Gives memory and file back. The session calls it once the door has answered `message`: read the bytes before. */
  dispose(): void
}

/**
 * Undefined accepts. What throws or rejects is answered 451 4.3.0 and reported to the server's
 * `onError`. A reply with code 421 also closes the connection.
 */
export interface Door<L> {
  /**
   * The clear password of a username, because CRAM-MD5 needs it, and what the login stands for.
   * Undefined for an unknown name: the session then takes the same steps before it says 535.
   */
  login(username: string, peer: Peer<L>): Answer<{ password: string; login: L } | undefined>
  /** At MAIL FROM. */
  sender(peer: Peer<L>, envelope: Envelope): Answer<Reply | undefined>
  /** At each RCPT TO; `envelope.recipients` does not have it yet. */
  recipient(peer: Peer<L>, envelope: Envelope, recipient: Recipient): Answer<Reply | undefined>
  /** At DATA, before 354, or at the first BDAT. */
  content(peer: Peer<L>, envelope: Envelope): Answer<Reply | undefined>
  /** The whole message. A 250 says that it is kept for good. */
  message(peer: Peer<L>, envelope: Envelope, content: Content): Answer<Reply>
}
