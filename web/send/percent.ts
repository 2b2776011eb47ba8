import { numbers } from '../ui/locale.ts'

const ONE_DECIMAL = { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 } as const
const FINER = { style: 'percent', minimumFractionDigits: 2, maximumFractionDigits: 2 } as const

/** A part of 1 as people read it: 42.3 %. Little ones keep a digit more: for complaints 0.1 and 0.3 are far apart. */
export function percent(part: number): string {
  const small = part > 0 && part < 0.01
  return numbers(small ? FINER : ONE_DECIMAL).format(part)
}

/** 0 where there is no whole. */
export function partOf(some: number, all: number): number {
  return all > 0 ? some / all : 0
}
