import type { Secrets } from '../accounts/secrets.ts'
import type { Content, Door, Envelope, Peer, Recipient, Reply } from '../mail/smtp/door.ts'
import { AUTH_BAD, AUTH_REQUIRED, NO_STORAGE, QUEUED, TOO_BIG } from '../mail/smtp/replies.ts'
import type { Storage } from '../storage/database.ts'
import { StorageFault } from '../storage/faults.ts'
import type { Arrival } from './arrival.ts'
import { emulatedBounce } from './bounce.ts'
import { firstInbox, inboxByLocalPart, inboxByUsername, type Inbox } from './inboxes.ts'
import type { Ingest } from './ingest.ts'
import type { Rates } from './rates.ts'
import type { Trouble } from './trouble.ts'

/**
 * What a login stands for here. Whether it still counts is asked with each message, by the statement that keeps it;
 * the limits are those that the last message met.
 */
export interface InboxLogin {
  username: string
  inbox: Target
}

interface Options {
  storage: Storage
  secrets: Secrets
  ingest: Ingest
  rates: Rates
  trouble: Trouble
  /** Whether mail without AUTH to anywhere else goes to the first inbox. */
  anonymous: boolean
  sandboxDomain: string
  elsewhere?: Elsewhere
}

/** Mail that comes in by the same door and is not for any inbox: it needs no login. */
interface Elsewhere {
  takes(forwardPath: string): boolean
  /** At RCPT; undefined: it is welcome. */
  refuses(forwardPath: string): Reply | undefined
  /**
   * A 250 says that what the message is about has been done, and is committed.
   * @throws StorageFault
   */
  message(envelope: Envelope, bytes: Buffer): Promise<Reply>
}

const NO_INBOX: Reply = { code: 554, text: '5.5.1 Error: no inbox for this email' }
// "in reply to DATA": clients compare the whole text.
const TOO_MANY: Reply = { code: 550, text: '5.7.0 Requested action not taken: too many emails per second' }
/** RFC 5321, section 4.5.3.1.10: the client sends the others in a transaction of their own. */
const SEPARATELY: Reply = { code: 452, text: '4.5.3 Error: send this one in a transaction of its own' }
const STORAGE_UNWELL: Reply = { code: 451, text: '4.3.0 Error: storage is unavailable, try again later' }

type Target = Pick<Inbox, 'id' | 'max_message_size' | 'rate_count' | 'rate_seconds'>

/** The sandbox behind the SMTP door: whose login this is, which inbox takes the mail, and whether it was kept. */
export function createSmtpDoor(options: Options): Door<InboxLogin> {
  const { storage, secrets, ingest, rates, trouble, sandboxDomain, elsewhere } = options
  const db = storage.read
  // Where each transaction's mail goes, decided at DATA.
  const targets = new WeakMap<Envelope, Target[]>()
  const first = new FirstInbox(storage)

  const atSandbox = (address: string) => domainOf(address) === sandboxDomain
  const isElsewhere = ({ recipients }: Envelope) => {
    const [one] = recipients
    return one !== undefined && elsewhere?.takes(one.forwardPath) === true
  }

  async function resolve(envelope: Envelope): Promise<Target[]> {
    const found = new Map<number, Target>()
    for (const { forwardPath } of envelope.recipients) {
      const inbox = atSandbox(forwardPath)
        ? await inboxByLocalPart(db, localPartOf(forwardPath))
        : await first.find()
      if (inbox) found.set(inbox.id, inbox)
    }
    return [...found.values()]
  }

  function admit(envelope: Envelope, inboxes: Target[]): Reply | undefined {
    if (inboxes.length === 0) return NO_INBOX
    if (!inboxes.every(inbox => rates.take(inbox))) return TOO_MANY
    targets.set(envelope, inboxes)
    return undefined
  }

  async function keep(peer: Peer<InboxLogin>, envelope: Envelope, content: Content): Promise<Reply> {
    const inboxes = targets.get(envelope) ?? []
    if (inboxes.some(inbox => content.size > inbox.max_message_size)) return TOO_BIG
    const kept = await ingest(
      {
        inboxIds: inboxes.map(inbox => inbox.id),
        arrival: arrivalOf(peer, envelope),
        receivedAt: Date.now(),
      },
      await content.bytes(),
    )
    trouble.over()
    const [inbox] = kept.inboxes
    if (inbox === undefined) {
      first.forget()
      return peer.login ? AUTH_BAD : NO_INBOX
    }
    if (peer.login) peer.login.inbox = inbox
    return QUEUED
  }

  return {
    async login(username) {
      const inbox = await inboxByUsername(db, username)
      if (inbox === undefined || inbox.status !== 'active') return undefined
      return { password: secrets.open(inbox.password), login: { username, inbox } }
    },

    sender(peer, envelope) {
      if (peer.login && (envelope.size ?? 0) > peer.login.inbox.max_message_size) return TOO_BIG
      return undefined
    },

    recipient(peer, envelope, { forwardPath }) {
      const takenElsewhere = elsewhere?.takes(forwardPath) === true
      if (envelope.recipients.length > 0 && takenElsewhere !== isElsewhere(envelope)) return SEPARATELY
      if (takenElsewhere) return elsewhere.refuses(forwardPath)
      const sandbox = atSandbox(forwardPath)
      if (!peer.login && !options.anonymous && !sandbox) return AUTH_REQUIRED
      return emulatedBounce(localPartOf(forwardPath))
    },

    content(peer, envelope) {
      if (isElsewhere(envelope)) return undefined
      // The usual cases cost no query and no turn of the event loop.
      if (peer.login) return admit(envelope, [peer.login.inbox])
      const { known } = first
      if (known && envelope.recipients.every(({ forwardPath }) => !atSandbox(forwardPath)))
        return admit(envelope, [known])
      return resolve(envelope).then(inboxes => admit(envelope, inboxes))
    },

    async message(peer, envelope, content) {
      try {
        return await (elsewhere && isElsewhere(envelope)
          ? elsewhere.message(envelope, await content.bytes())
          : keep(peer, envelope, content))
      } catch (error) {
        if (!(error instanceof StorageFault)) throw error
        trouble.met(error, peer.id)
        return error.kind === 'full' ? NO_STORAGE : STORAGE_UNWELL
      }
    },
  }
}

/**
 * The first inbox, remembered for a moment: it is asked for with every anonymous message and hardly ever
 * changes. If it was deleted meanwhile, keeping the message finds that out and forgets it.
 */
class FirstInbox {
  static readonly #FOR_MS = 1_000
  readonly #storage: Storage
  #inbox: Target | undefined
  #until = 0

  constructor(storage: Storage) {
    this.#storage = storage
  }

  get known(): Target | undefined {
    return Date.now() < this.#until ? this.#inbox : undefined
  }

  async find(): Promise<Target | undefined> {
    this.#inbox = await firstInbox(this.#storage.read)
    this.#until = Date.now() + FirstInbox.#FOR_MS
    return this.#inbox
  }

  forget(): void {
    this.#until = 0
  }
}

function arrivalOf(peer: Peer<InboxLogin>, envelope: Envelope): Arrival {
  return {
    source: 'smtp',
    mail_from: envelope.reversePath,
    rcpt_to: envelope.recipients.map((recipient: Recipient) => recipient.forwardPath),
    client_ip: peer.remoteAddress,
    helo: peer.greeting,
    tls: peer.secure ? `${peer.secure.protocol} ${peer.secure.cipher}` : null,
    login: peer.login?.username ?? null,
    ...(envelope.ret ? { ret: envelope.ret } : {}),
    ...(envelope.envid ? { envid: envelope.envid } : {}),
  }
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase()
}

function localPartOf(address: string): string {
  const at = address.lastIndexOf('@')
  return at < 0 ? address : address.slice(0, at)
}
