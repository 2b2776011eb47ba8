import type { BlacklistsState } from '../checks/blacklists.ts'
import type { Message } from '../messages.ts'
import { rawMessages } from '../raw.ts'
import { ByteBounded } from './byte-bounded.ts'
import { messageWire } from './mailtrap-wire.ts'
import type { Sandbox } from './sandbox.ts'

/** Longer bodies do not come along (contract, section 8.1). */
const INLINE_BODY = 256 << 10

/** Bytes of raw messages. A page of thirty may hold 750 MB of them. */
const OPEN_AT_ONCE = 4 << 20

const REMEMBERED_BYTES = 16 << 20

type Needed = Pick<Sandbox, 'storage' | 'reader' | 'checks' | 'legacyBodies'>

interface Rendered {
  isRead: number
  updatedAt: number
  text: string
}

/**
 * Messages as JSON text. A stored message never changes but for whether it is read and what was found out about it,
 * so its text is kept: when mail comes in, the page around it costs only what is new.
 */
export class MessageJson {
  readonly #sandbox: Needed
  // Characters beyond Latin-1 take two bytes in memory; the key and the bookkeeping are in the constant.
  readonly #rendered = new ByteBounded<Rendered>(REMEMBERED_BYTES, ({ text }) => text.length * 2 + 200)

  constructor(sandbox: Needed) {
    this.#sandbox = sandbox
  }

  /** One text for each message, in their order. */
  async of(messages: Message[], timezone: string): Promise<string[]> {
    const texts = new Map(messages.map(message => [message.id, this.#known(message, timezone)]))
    for (const group of groupsOf(messages.filter(({ id }) => texts.get(id) === undefined))) {
      const raws = await rawMessages(this.#sandbox.storage.read, this.#withBodies(group))
      const blacklists = await this.#sandbox.checks.blacklists?.states(group)
      await Promise.all(
        group.map(async message =>
          texts.set(
            message.id,
            await this.#render(message, timezone, raws.get(message.id), blacklists?.get(message.id)),
          ),
        ),
      )
    }
    return messages.map(({ id }) => texts.get(id) ?? '')
  }

  #known(message: Message, timezone: string): string | undefined {
    const known = this.#rendered.get(keyOf(message, timezone))
    return known?.isRead === message.is_read && known.updatedAt === message.updated_at
      ? known.text
      : undefined
  }

  #withBodies(messages: Message[]): number[] {
    return messages.filter(message => this.#inlines(message)).map(message => message.id)
  }

  /** Whether there is a body to bring along. */
  #inlines({ html_size, text_size }: Message): boolean {
    if (!this.#sandbox.legacyBodies) return false
    return (html_size > 0 && html_size <= INLINE_BODY) || (text_size > 0 && text_size <= INLINE_BODY)
  }

  async #render(
    message: Message,
    timezone: string,
    raw: Buffer | undefined,
    blacklists: BlacklistsState,
  ): Promise<string> {
    const read = raw && (await this.#sandbox.reader.read(raw, { html: true, text: true }))
    const inline = (size: number, body: string | undefined) =>
      this.#sandbox.legacyBodies && size <= INLINE_BODY ? (body ?? '') : null
    const bodies = {
      html: inline(message.html_size, read?.html),
      text: inline(message.text_size, read?.text),
    }
    const text = JSON.stringify(messageWire(timezone, message, bodies, blacklists))
    // Bytes that could not be read now may be readable again after a mend: nothing is remembered of them.
    // Nor of a question to the blacklists that is still open, or went unanswered.
    const settled = blacklists !== 'pending' && blacklists !== 'error'
    if (settled && (raw !== undefined || !this.#inlines(message)))
      this.#rendered.set(keyOf(message, timezone), {
        isRead: message.is_read,
        updatedAt: message.updated_at,
        text,
      })
    return text
  }
}

/** Messages that are opened together. */
function groupsOf(messages: Message[]): Message[][] {
  const groups: Message[][] = []
  let size = Infinity
  for (const message of messages) {
    size += message.size
    if (size > OPEN_AT_ONCE) {
      groups.push([])
      size = message.size
    }
    groups.at(-1)?.push(message)
  }
  return groups
}

function keyOf(message: Message, timezone: string): string {
  return `${message.id} ${timezone}`
}
