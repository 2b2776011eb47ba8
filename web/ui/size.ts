import { numbers } from './locale.ts'

const WHOLE = {}
const SHORT = { maximumFractionDigits: 1 }

/** Bytes for people: 512 B, 4.2 kB, 1.3 MB (a kB is 1000 bytes). */
export function readableSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  if (bytes < 999_950) return `${numbers(SHORT).format(bytes / 1000)} kB`
  return `${numbers(SHORT).format(bytes / 1_000_000)} MB`
}

export function count(value: number): string {
  return numbers(WHOLE).format(value)
}

export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`
}
