/** Counts the connections in all and by address. */
export class Admission {
  private readonly maxAll: number
  private readonly maxPerAddress: number
  private all = 0
  private readonly byAddress = new Map<string, number>()

  constructor(maxAll: number, maxPerAddress: number) {
    this.maxAll = maxAll
    this.maxPerAddress = maxPerAddress
  }

  /** False when there are enough. After true, `leave` must follow. */
  enter(address: string): boolean {
    const key = household(address)
    const count = this.byAddress.get(key) ?? 0
    if (this.all >= this.maxAll || count >= this.maxPerAddress) return false
    this.all++
    this.byAddress.set(key, count + 1)
    return true
  }

  leave(address: string): void {
    const key = household(address)
    const count = (this.byAddress.get(key) ?? 0) - 1
    this.all--
    if (count > 0) this.byAddress.set(key, count)
    else this.byAddress.delete(key)
  }
}

/** An IPv6 subscriber has a /64 at least, and could come from a new address every time. */
function household(address: string): string {
  if (address.startsWith('::ffff:')) return address.slice(7)
  if (!address.includes(':')) return address
  const [head = '', tail] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  if (tail !== undefined) {
    const rest = tail === '' ? [] : tail.split(':')
    while (groups.length + rest.length < 8) groups.push('0')
    groups.push(...rest)
  }
  return groups.slice(0, 4).join(':')
}
