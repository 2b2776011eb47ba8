import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, release, totalmem } from 'node:os'
import { join } from 'node:path'

const RESULTS = join(import.meta.dirname, '../RESULTS.md')

/** What a benchmark says: on the screen at once, and with `--save` in RESULTS.md in the place of what it said there before. */
export class Report {
  readonly #name: string
  readonly #lines: string[] = []

  constructor(name: string) {
    this.#name = name
    this.say(machine())
    this.say('')
  }

  say(line: string): void {
    this.#lines.push(line)
    console.log(line)
  }

  /** The first column to the left, the numbers to the right. */
  table(head: readonly string[], rows: readonly (readonly string[])[]): void {
    const widths = head.map((name, column) =>
      Math.max(name.length, ...rows.map(row => row[column]?.length ?? 0)),
    )
    const line = (cells: readonly string[]) =>
      cells
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd()
    for (const row of [head, ...rows]) this.say(line(row))
    this.say('')
  }

  end(save: boolean): void {
    this.say(`load average at the end: ${load()}`)
    if (save) keep(this.#name, this.#lines)
  }
}

function machine(): string {
  const all = cpus()
  const memory = Math.round(totalmem() / (1 << 30))
  return (
    `${new Date().toISOString().slice(0, 10)}, ${all.length} × ${all[0]?.model.trim()}, ${memory} GB, ` +
    `Linux ${release().replace(/-.*/, '')}, Node ${process.versions.node}, load average ${load()}`
  )
}

function load(): string {
  return loadavg()
    .map(value => value.toFixed(1))
    .join(' ')
}

function keep(name: string, lines: readonly string[]): void {
  const section = `## ${name}\n\n\`\`\`\n${lines.join('\n').trimEnd()}\n\`\`\`\n`
  const before = existsSync(RESULTS) ? readFileSync(RESULTS, 'utf8') : '# Measured\n'
  const sections = before.split(/\n(?=## )/)
  const at = sections.findIndex(text => text.startsWith(`## ${name}\n`))
  if (at < 0) sections.push(section)
  else sections[at] = section
  writeFileSync(RESULTS, `${sections.map(text => text.trimEnd()).join('\n\n')}\n`)
}
