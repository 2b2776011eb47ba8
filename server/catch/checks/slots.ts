import { Problem } from '../../problem.ts'

/** Lets a few run at once and a number wait; whoever comes beyond that is refused. */
export class Slots {
  readonly #waiting: (() => void)[] = []
  readonly #most: number
  #free: number

  constructor(atOnce: number, waiting: number) {
    this.#free = atOnce
    this.#most = waiting
  }

  /** @throws Problem `unavailable`: too many wait already */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--
    else if (this.#waiting.length >= this.#most)
      throw new Problem('unavailable', 'Too many messages are waiting for it')
    else await new Promise<void>(resolve => this.#waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#free++
    }
  }
}
