import { closeSync, openSync, readdirSync, readFileSync, unlinkSync, writeSync } from 'node:fs'
import { hostname, uptime } from 'node:os'
import { join } from 'node:path'
import { answerText, type Answer } from '../ways-out/way-out.ts'

/**
 * The hand-over journal (the second promise, docs/promises.md). Just before a mail's point of no return a line says
 * that its hand-over begins; when the answer is there another says what it was. Lines are written once per turn of the
 * event loop and not synced: what was written outlives a killed process, though not the machine. After `kill -9` it
 * tells the rows that were begun from those that were only claimed.
 *
 *     > 17 0                     delivery 17, after 0 attempts, is being handed over
 *     < 17 0 sent 250 abc Ok     the answer: what became of it, code, the provider's name for it, its words
 */
export class HandOverJournal {
  readonly #folder: string
  readonly #node: number
  #part = 0
  #file: number
  #lines = ''
  #size = 0
  /** Begun, and not answered yet. */
  readonly #open = new Map<number, number>()
  readonly #old: { path: string; until: number }[] = []

  constructor(folder: string, node: number) {
    this.#folder = folder
    this.#node = node
    this.#file = this.#begin()
  }

  begun(id: number, attempts: number): void {
    this.#open.set(id, attempts)
    this.#lines += `> ${id} ${attempts}\n`
  }

  answered(id: number, attempts: number, { is, answer, providerId }: Ending): void {
    this.#open.delete(id)
    const name = providerId === null ? '-' : encodeURIComponent(providerId)
    this.#lines += `< ${id} ${attempts} ${is} ${answer.code} ${name} ${answer.enhanced ?? '-'} ${answerText(answer.text)}\n`
  }

  /** @throws Error of the file system: then nothing may be handed over */
  write(): void {
    if (this.#lines === '') return
    const bytes = Buffer.from(this.#lines)
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at)
    this.#size += bytes.length
    this.#lines = ''
  }

  /** Bytes in the present file. */
  get size(): number {
    return this.#size
  }

  /**
   * Goes on in a new file.
   * @param until what was answered up to now is told to the database in reports up to this number
   */
  turn(until: number): void {
    this.write()
    closeSync(this.#file)
    this.#old.push({ path: this.#path(), until })
    this.#part++
    this.#size = 0
    this.#file = this.#begin()
    for (const [id, attempts] of this.#open) this.#lines += `> ${id} ${attempts}\n`
    this.write()
  }

  /** The database knows everything up to the report of this number. */
  settled(report: number): void {
    while (this.#old[0] !== undefined && this.#old[0].until <= report)
      unlinkSync(this.#old.shift()?.path ?? '')
  }

  /** The files stay: whoever knows that the database knows everything removes them. */
  close(): void {
    this.write()
    closeSync(this.#file)
  }

  #begin(): number {
    const file = openSync(this.#path(), 'w', 0o600)
    writeSync(file, `node ${bootId()} ${process.pid}\n`)
    return file
  }

  #path(): string {
    return join(this.#folder, `${this.#node}-${this.#part}${SUFFIX}`)
  }
}

const SUFFIX = '.journal'

/** The files of each node that left some, in the order in which they were written. */
export function journalsIn(folder: string): Map<number, string[]> {
  const found = new Map<number, [part: number, path: string][]>()
  for (const name of readdirSync(folder)) {
    const [, node, part] = /^(\d+)-(\d+)\.journal$/.exec(name) ?? []
    if (node === undefined) continue
    const files = found.get(Number(node)) ?? []
    files.push([Number(part), join(folder, name)])
    found.set(Number(node), files)
  }
  return new Map(
    [...found].map(([node, files]) => [node, files.toSorted(([a], [b]) => a - b).map(([, path]) => path)]),
  )
}

export interface Ending {
  is: 'sent' | 'refused' | 'deferred' | 'ambiguous'
  answer: Answer
  providerId: string | null
}

export interface JournalEntry {
  attempts: number
  /** Undefined: begun, and no answer is known. */
  ending: Ending | undefined
}

export interface ReadJournal {
  /** Of the process that wrote it. */
  pid: number
  /** Written since this machine was started: what is not in it did not happen. */
  isWhole: boolean
  /** The last word about each delivery, by id. */
  entries: Map<number, JournalEntry>
}

/** @param paths the files of one node, in order */
export function readJournal(paths: readonly string[]): ReadJournal {
  const read: ReadJournal = { pid: 0, isWhole: true, entries: new Map() }
  for (const path of paths) {
    const lines = readFileSync(path, 'utf8').split('\n')
    // A line that was being written when the process was killed has no end, and counts as not written.
    lines.pop()
    const [, boot = '', pid = ''] = /^node (\S+) (\d+)$/.exec(lines[0] ?? '') ?? []
    read.pid = Number(pid)
    read.isWhole &&= boot === bootId()
    for (const line of lines) takeLine(read.entries, line)
  }
  return read
}

function takeLine(entries: Map<number, JournalEntry>, line: string): void {
  const begun = /^> (\d+) (\d+)$/.exec(line)
  if (begun !== null) entries.set(Number(begun[1]), { attempts: Number(begun[2]), ending: undefined })
  const answered = /^< (\d+) (\d+) (sent|refused|deferred|ambiguous) (\d+) (\S+) (\S+) (.*)$/.exec(line)
  if (answered === null) return
  const [, id, attempts, is, code, name = '-', enhanced = '-', text = ''] = answered
  entries.set(Number(id), {
    attempts: Number(attempts),
    ending: {
      is: is as Ending['is'],
      answer: { code: Number(code), enhanced: enhanced === '-' ? null : enhanced, text },
      providerId: name === '-' ? null : decodeURIComponent(name),
    },
  })
}

let known: string | undefined

/** The same until the machine is started again; then pages that were not synced may be lost. */
function bootId(): string {
  known ??= readBootId()
  return known
}

function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    // Not Linux: when it was started, give or take a clock that is being set.
    return `${hostname()}-${Math.round((Date.now() / 1000 - uptime()) / 600)}`
  }
}
