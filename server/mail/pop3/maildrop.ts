import type { Listed } from './door.ts'

/** The messages as they were at the login, by number from 1 on, and which of them QUIT will delete. */
export class Maildrop {
  private readonly messages: readonly Listed[]
  private readonly total: number
  private readonly marked = new Set<Listed>()
  private markedOctets = 0

  constructor(messages: readonly Listed[]) {
    this.messages = messages
    this.total = messages.reduce((sum, { size }) => sum + size, 0)
  }

  /** Without those marked as deleted, as all that follows. */
  get count(): number {
    return this.messages.length - this.marked.size
  }

  get octets(): number {
    return this.total - this.markedOctets
  }

  /** By its number, as the client wrote it. */
  find(number: string): Listed | undefined {
    const message = /^\d{1,10}$/.test(number) ? this.messages[Number(number) - 1] : undefined
    return message && !this.marked.has(message) ? message : undefined
  }

  *lines(show: (message: Listed) => number): Generator<string, undefined> {
    for (const [index, message] of this.messages.entries())
      if (!this.marked.has(message)) yield `${index + 1} ${show(message)}`
    return undefined
  }

  mark(message: Listed): void {
    this.marked.add(message)
    this.markedOctets += message.size
  }

  unmarkAll(): void {
    this.marked.clear()
    this.markedOctets = 0
  }

  get markedIds(): number[] {
    return [...this.marked].map(({ id }) => id)
  }
}
