import type { Posthorn } from './posthorn.ts'

interface LiveEvent {
  event: string
  data: Record<string, unknown>
}

/** What an open browser hears (server-sent events), as it comes. */
export class LiveFeed {
  readonly #reader: ReadableStreamDefaultReader<string>
  readonly #heard: LiveEvent[] = []
  #text = ''

  private constructor(stream: ReadableStream<string>) {
    this.#reader = stream.getReader()
  }

  /** In local mode, as a browser on this machine gets in. */
  static async open(posthorn: Posthorn): Promise<LiveFeed> {
    const session = await fetch(`${posthorn.url}/api/posthorn/session`)
    const cookie = session.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const reply = await fetch(`${posthorn.url}/api/posthorn/live`, { headers: { cookie } })
    if (!reply.ok || !reply.body) throw new Error(`the live feed answers ${reply.status}`)
    return new LiveFeed(reply.body.pipeThrough(new TextDecoderStream()))
  }

  /** The next event that is wanted; those before it are passed over. */
  async next(wanted: (event: LiveEvent) => boolean): Promise<LiveEvent> {
    for (;;) {
      for (let event = this.#heard.shift(); event; event = this.#heard.shift())
        if (wanted(event)) return event
      const { done, value } = await this.#reader.read()
      if (done) throw new Error('the live feed ended')
      this.#take(value)
    }
  }

  close(): Promise<void> {
    return this.#reader.cancel()
  }

  /** WHATWG HTML, section 9.2: an empty line ends an event. */
  #take(chunk: string): void {
    const blocks = (this.#text + chunk).split('\n\n')
    this.#text = blocks.pop() ?? ''
    for (const block of blocks) {
      const [, event = ''] = /^event: (.*)$/m.exec(block) ?? []
      const [, data] = /^data: (.*)$/m.exec(block) ?? []
      if (data !== undefined) this.#heard.push({ event, data: JSON.parse(data) as LiveEvent['data'] })
    }
  }
}
