const START = 1 << 16

/** A set of very many texts in 8 bytes and some for each: what is kept of one is 53 bits of its hash. */
export class KeySet {
  #slots = new Float64Array(START)
  #count = 0

  /** @returns whether it was there */
  add(key: string): boolean {
    if (this.#count > this.#slots.length / 2) this.#grow()
    const hash = hashOf(key)
    const at = this.#placeOf(hash)
    if (this.#slots[at] === hash) return true
    this.#slots[at] = hash
    this.#count++
    return false
  }

  #placeOf(hash: number): number {
    const slots = this.#slots
    const mask = slots.length - 1
    let at = hash % slots.length
    while (slots[at] !== 0 && slots[at] !== hash) at = (at + 1) & mask
    return at
  }

  #grow(): void {
    const before = this.#slots
    this.#slots = new Float64Array(2 * before.length)
    for (const hash of before) if (hash !== 0) this.#slots[this.#placeOf(hash)] = hash
  }
}

/** cyrb53: two 32-bit multiplicative hashes, mixed at the end; never 0. */
function hashOf(text: string): number {
  let high = 0xdeadbeef
  let low = 0x41c6ce57
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    high = Math.imul(high ^ code, 2654435761)
    low = Math.imul(low ^ code, 1597334677)
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909)
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909)
  return 4294967296 * (2097151 & low) + (high >>> 0) || 1
}
