const BAR_WIDTH = 30
const REDRAW_MS = 100
/** Into a file or a log a line now and then. */
const LINE_EVERY_MS = 5_000

export interface Progress {
  tell(done: number, total: number): void
  /** The bar goes; what is said next begins on a clean line. */
  end(): void
}

/** How far long work is: a bar on a terminal, plain lines otherwise. On stderr, so that results can be piped. */
export function showProgress(what: string, unit: string): Progress {
  const terminal = process.stderr.isTTY === true
  const every = terminal ? REDRAW_MS : LINE_EVERY_MS
  // Work that is done at once needs no line of its own.
  let next = Date.now() + every
  let drawn = false
  return {
    tell(done, total) {
      const now = Date.now()
      if (now < next) return
      next = now + every
      const part = total === 0 ? 1 : Math.min(1, done / total)
      const counts = `${done} of ${total} ${unit}`
      if (!terminal) return void process.stderr.write(`${what}: ${counts} (${Math.floor(part * 100)} %)\n`)
      drawn = true
      const full = Math.round(part * BAR_WIDTH)
      process.stderr.write(`\r\x1b[K${what} ${'█'.repeat(full)}${'░'.repeat(BAR_WIDTH - full)} ${counts}`)
    },
    end() {
      if (drawn) process.stderr.write('\r\x1b[K')
      drawn = false
    },
  }
}
