import { parseArgs } from 'node:util'

export interface Options {
  /** A second of everything: does it run, not how fast. */
  quick: boolean
  /** Keep the figures in RESULTS.md. */
  save: boolean
  /** Only the contestants or parts whose names begin so; all of them if none is given. */
  only: string[]
}

export function readOptions(): Options {
  const { values, positionals } = parseArgs({
    options: { quick: { type: 'boolean', default: false }, save: { type: 'boolean', default: false } },
    allowPositionals: true,
  })
  return { ...values, only: positionals }
}

export function chosen({ only }: Options, name: string): boolean {
  return only.length === 0 || only.some(wish => name.toLowerCase().startsWith(wish.toLowerCase()))
}
