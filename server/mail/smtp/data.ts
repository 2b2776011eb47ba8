/**
 * The end of DATA (RFC 5321 section 4.1.1.4) and dot-unstuffing (4.5.2), over byte ranges.
 *
 * Only CRLF.CRLF ends a message. Servers that also took LF.LF, CR.CR or a mixture let a sender hide
 * a second message inside the first one (SMTP smuggling); here such bytes are content like any other.
 */

const CR = 13
const LF = 10
const DOT = 46
const LINE_START_DOT = Buffer.from('\r\n.')
const ONE_CR = Buffer.from('\r')

/** Where the bytes of a message go. `to` is exclusive. */
export interface Sink {
  append(chunk: Buffer, from: number, to: number): void
}

/** What the reader has just seen. The start of the data counts as the start of a line. */
type State = 'text' | 'cr' | 'line' | 'dot' | 'dot-cr'

export class DataReader {
  ended = false
  private state: State = 'line'

  /**
   * Reads `chunk` from `start` and hands what belongs to the message to the sink. Answers the index
   * of the first byte not read: the chunk's length, or what follows the end of data. The dots are
   * taken out in place, so that one chunk stays one range: the chunk must belong to the caller.
   */
  read(chunk: Buffer, start: number, sink: Sink): number {
    const end = chunk.length
    // bytes already kept are [start, kept); bytes passed but not yet moved there are [from, at)
    let kept = start
    let from = start
    let at = start
    const keepUpTo = (to: number): void => {
      if (kept !== from) chunk.copyWithin(kept, from, to)
      kept += to - from
    }
    while (at < end) {
      switch (this.state) {
        case 'text': {
          const hit = chunk.indexOf(LINE_START_DOT, at)
          if (hit < 0) {
            this.state = stateAtEnd(chunk, at)
            at = end
          } else {
            keepUpTo(hit + 2)
            at = from = hit + 3
            this.state = 'dot'
          }
          break
        }
        case 'cr':
          if (chunk[at] === LF) {
            at++
            this.state = 'line'
          } else this.state = 'text'
          break
        case 'line':
          if (chunk[at] === DOT) {
            keepUpTo(at)
            at = from = at + 1
            this.state = 'dot'
          } else this.state = 'text'
          break
        case 'dot':
          if (chunk[at] === CR) {
            at++
            this.state = 'dot-cr'
          } else this.state = 'text'
          break
        case 'dot-cr':
          if (chunk[at] === LF) {
            this.ended = true
            if (kept > start) sink.append(chunk, start, kept)
            return at + 1
          }
          // a CR held back from the chunk before this one
          if (at === from) sink.append(ONE_CR, 0, 1)
          this.state = 'cr'
      }
    }
    if (this.state !== 'dot-cr') keepUpTo(end)
    if (kept > start) sink.append(chunk, start, kept)
    return end
  }
}

function stateAtEnd(chunk: Buffer, start: number): State {
  const last = chunk.length - 1
  if (chunk[last] === CR) return 'cr'
  return chunk[last] === LF && last > start && chunk[last - 1] === CR ? 'line' : 'text'
}

/**
 * Bytes made ready for DATA: dots stuffed, a CRLF at the end if there was none, and the final dot.
 * Line ends are left as they are.
 */
export function stuffed(bytes: Buffer): Buffer {
  const parts: Buffer[] = []
  let from = 0
  if (bytes[0] === DOT) parts.push(Buffer.from('.'))
  for (let hit = bytes.indexOf(LINE_START_DOT); hit >= 0; hit = bytes.indexOf(LINE_START_DOT, hit + 3)) {
    parts.push(bytes.subarray(from, hit + 3))
    from = hit + 2
  }
  parts.push(bytes.subarray(from))
  const closed =
    bytes.length === 0 || (bytes.length > 1 && bytes.subarray(-2).equals(LINE_START_DOT.subarray(0, 2)))
  parts.push(Buffer.from(closed ? '.\r\n' : '\r\n.\r\n'))
  return Buffer.concat(parts)
}
