import { readdirSync, readFileSync } from 'node:fs'

/** What running processes have used, from proc(5): Linux only. */

/** A clock tick of the kernel's accounts. */
const TICKS_PER_SECOND = 100

/** Seconds of processor time so far of a process with all its threads and, however deep, the processes it has started. */
export function cpuSeconds(pid: number): number {
  return family(pid).reduce((sum, { ticks }) => sum + ticks, 0) / TICKS_PER_SECOND
}

/** Megabytes resident now, of the same family; pages that its processes share count once for each. */
export function residentMegabytes(pid: number): number {
  return family(pid).reduce((sum, member) => sum + residentKilobytes(member.pid), 0) / 1024
}

interface Member {
  pid: number
  parent: number
  ticks: number
}

function family(root: number): Member[] {
  const all = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(name => memberOf(Number(name)))
  const found = all.filter(({ pid }) => pid === root)
  for (let at = 0; at < found.length; at++) found.push(...all.filter(each => each.parent === found[at]?.pid))
  return found
}

function memberOf(pid: number): Member[] {
  try {
    // The name in parentheses may hold anything: the numbers begin behind the last of them.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ')
    return [{ pid, parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) }]
  } catch {
    return []
  }
}

function residentKilobytes(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}
