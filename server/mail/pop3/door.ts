import type { PeerAddress } from '../listeners.ts'

/** An answer known at once is given as a plain value: the session then goes on in the same turn of the event loop. */
export type Answer<T> = T | Promise<T>

export interface Peer extends PeerAddress {
  /** What TLS agreed on, or undefined on a plain connection. */
  readonly secure: { readonly protocol: string; readonly cipher: string } | undefined
}

/** A message of the maildrop, without anything of what is in it. */
export interface Listed {
  /** Never given to another message: in decimal digits it is the unique-id of UIDL. */
  readonly id: number
  /** Octets with every line end as CRLF, before dots are stuffed (RFC 1939 section 11). */
  readonly size: number
}

/**
 * What the owner of the POP3 door answers. The protocol library asks these questions and knows nothing of what is
 * behind them; `L` is whatever a login stands for to the owner. What throws or rejects is answered with
 * `-ERR [SYS/TEMP]` and reported to the server's `onError`.
 */
export interface Door<L> {
  /**
   * The clear password of a username, because APOP and CRAM-MD5 need it, and what the login stands for. Undefined
   * for a name that may not log in: the session then takes the same steps before it refuses.
   */
  login(username: string, peer: Peer): Answer<{ password: string; login: L } | undefined>
  /** All messages, the first one first. Asked once, after the login. */
  list(login: L): Answer<readonly Listed[]>
  /** The whole message, with line ends of any kind; undefined if it is gone. It is only read. */
  message(login: L, id: number): Answer<Buffer | undefined>
  /** Deletes for good. Those that are gone already are no error. */
  remove(login: L, ids: readonly number[]): Answer<void>
}
