/** Bytes that all connections of a server share: nothing waits on the way in, `full` says when to stop taking. */
export class Budget {
  private readonly limit: number
  private used = 0
  private readonly queue: { bytes: number; enter: () => void }[] = []

  constructor(limit: number) {
    this.limit = limit
  }

  get full(): boolean {
    return this.used >= this.limit
  }

  take(bytes: number): void {
    this.used += bytes
  }

  /** Takes the bytes when they fit, in order of asking. One that is larger than everything waits until it is alone. */
  async wait(bytes: number): Promise<void> {
    if (this.queue.length > 0 || !this.fits(bytes)) {
      await new Promise<void>(enter => this.queue.push({ bytes, enter }))
    } else this.used += bytes
  }

  give(bytes: number): void {
    this.used -= bytes
    for (let next = this.queue[0]; next && this.fits(next.bytes); next = this.queue[0]) {
      this.queue.shift()
      this.used += next.bytes
      next.enter()
    }
  }

  private fits(bytes: number): boolean {
    return this.used === 0 || this.used + bytes <= this.limit
  }
}
