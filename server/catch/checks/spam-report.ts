import { Problem } from '../../problem.ts'

/** What spamd said; nothing in it is ours. */
export interface SpamReport {
  /** Of the reply's first line: `SPAMD/1.1 0 EX_OK`. */
  version: string
  code: number
  message: string
  score: number
  threshold: number
  rules: SpamRule[]
}

interface SpamRule {
  /** As written: `1.7`, `-0.0`, `1000`. */
  points: string
  name: string
  description: string
}

const STATUS = /^SPAMD\/(\d+\.\d+) (\d+) (\S+)/
const VERDICT = /^Spam: *(?:True|False|Yes|No) *; *(-?[\d.]+) *\/ *(-?[\d.]+)/im
const RULE = /^ *(-?\d+(?:\.\d+)?) +([A-Z][A-Z0-9_]*)(?: +(\S.*))?$/
const TABLE = /^-{4,} -{4,} -{4,}$/

/**
 * Reads the reply to REPORT.
 * @throws Problem `unavailable` if it is none, is cut off, or says that something went wrong
 */
export function readReport(reply: string): SpamReport {
  const end = reply.search(/\r?\n\r?\n/)
  const head = end === -1 ? reply : reply.slice(0, end)
  const [, version = '', code = '', message = ''] = STATUS.exec(head) ?? []
  if (version === '') throw new Problem('unavailable', 'What answers is no spamd')
  if (code !== '0') throw new Problem('unavailable', `spamd answered ${message}`)
  const [, score, threshold] = VERDICT.exec(head) ?? []
  const rules = rulesIn(end === -1 ? '' : reply.slice(end).trimStart())
  if (score === undefined || threshold === undefined || rules === undefined || isCutOff(head, reply))
    throw new Problem('unavailable', 'The report of spamd is not whole')
  return { version, code: 0, message, score: Number(score), threshold: Number(threshold), rules }
}

function isCutOff(head: string, reply: string): boolean {
  const length = Number(/^Content-length: *(\d+)/im.exec(head)?.[1] ?? 0)
  const body = reply.slice(head.length).replace(/^\r?\n\r?\n/, '')
  return Buffer.byteLength(body) < length
}

/** The table at the end of the text; a description goes on in lines that begin where it does. */
function rulesIn(text: string): SpamRule[] | undefined {
  const lines = text.split(/\r?\n/)
  const table = lines.findIndex(line => TABLE.test(line.trim()))
  if (table === -1) return undefined
  const rules: SpamRule[] = []
  for (const line of lines.slice(table + 1)) {
    const [, points, name, description = ''] = RULE.exec(line) ?? []
    const last = rules.at(-1)
    if (points !== undefined && name !== undefined)
      rules.push({ points, name, description: description.trim() })
    else if (last && /^\s+\S/.test(line)) last.description = `${last.description} ${line.trim()}`.trim()
    else if (last && line.trim() === '') break
  }
  return rules
}
