import { Liquid } from 'liquidjs'
import type { LiquidData, TemplateFault } from './compile-jobs.ts'

/**
 * Not a sandbox by itself, say its makers: so it is given no files, no functions and no prototypes to look at, stops
 * after a second, and lives in a thread that can be ended.
 */
const BOUNDS = {
  templates: {},
  ownPropertyOnly: true,
  strictFilters: true,
  parseLimit: 4_000_000,
  renderLimit: 1000,
  memoryLimit: 20_000_000,
} as const

const engines = {
  html: new Liquid({ ...BOUNDS, outputEscape: 'escape' }),
  text: new Liquid(BOUNDS),
}

/** @returns empty if it can be read */
export function parseLiquid(source: string): TemplateFault[] {
  try {
    engines.html.parse(source)
    return []
  } catch (error) {
    return [faultOf(error)]
  }
}

type LiquidText = { text: string } | { fault: TemplateFault }

/**
 * Reads a source once, to be rendered for many.
 * @param into values are escaped in HTML, unless the template says `raw`
 */
export function liquidTemplate(source: string, into: keyof typeof engines): (data: LiquidData) => LiquidText {
  if (!source.includes('{')) return () => ({ text: source })
  const engine = engines[into]
  try {
    const template = engine.parse(source)
    return data => {
      try {
        return { text: engine.renderSync(template, data) as string }
      } catch (error) {
        return { fault: faultOf(error) }
      }
    }
  } catch (error) {
    const fault = faultOf(error)
    return () => ({ fault })
  }
}

function faultOf(error: unknown): TemplateFault {
  const { message } = error as Error
  const line = /, line:(\d+), col:\d+$/.exec(message)
  // What cannot be included is not there, wherever that would be.
  const said = message
    .replace(/, line:\d+, col:\d+$/, '')
    .replace(/^ENOENT: .*/, 'nothing can be included')
    .replace(/^undefined filter: (.*)/, 'undefined filter: $1 (a fallback is written `| default: "$1"`)')
  return {
    line: line === null ? null : Number(line[1]),
    message: `Liquid: ${said}`,
  }
}
