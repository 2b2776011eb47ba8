import { Problem } from '../problem.ts'

const MAX_DEPTH = 32
/** Elements and attributes. */
const MAX_NODES = 10_000

interface Open {
  name: string
  key: string
  type: string | undefined
  isNil: boolean
  text: string
  /** What is inside, in order. */
  children: [string, unknown][]
}

/**
 * An XML body as Rails' `Hash.from_xml` reads it: the root is the wrapper, unless it is called `hash`. Dashes are
 * underscores; `type` counts for integers, booleans and arrays; what occurs several times becomes an array.
 * One pass, no recursion. There is no document type, and so no entities but the five.
 * @throws Problem `malformed`
 */
export function readXml(bytes: Uint8Array): Record<string, unknown> {
  const text = decoded(bytes)
  const root = tree(text, afterDeclaration(text))
  const value = valueOf(root)
  if (root.key !== 'hash') return objectOf([[root.key, value]])
  return isObject(value) ? value : {}
}

function decoded(bytes: Uint8Array): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    // XML 1.0, sections 2.2 and 2.11.
    if (!/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(text)) return text.replaceAll(/\r\n?/g, '\n')
  } catch {}
  throw malformed()
}

/** Where the declaration ends. */
function afterDeclaration(text: string): number {
  if (!/^<\?xml\s/.test(text)) return 0
  const [declaration, encoding = 'utf-8'] =
    /^<\?xml\s+version\s*=\s*["']1\.\d["'](?:\s+encoding\s*=\s*["']([\w.-]+)["'])?(?:\s+standalone\s*=\s*["']\w+["'])?\s*\?>/.exec(
      text,
    ) ?? []
  if (declaration === undefined || !isReadable(encoding)) throw malformed()
  return declaration.length
}

/** Whether a character set is UTF-8 or a part of it. */
export function isReadable(charset: string): boolean {
  return /^(?:utf-?8|us-ascii|ascii)$/i.test(charset)
}

const NAME = '[A-Za-z_:\\u0080-\\uffff][\\w:.\\u0080-\\uffff-]*'
const START = new RegExp(`<(${NAME})`, 'y')
const ATTRIBUTE = new RegExp(`\\s+(${NAME})\\s*=\\s*(?:"([^"<]*)"|'([^'<]*)')`, 'y')
const START_ENDS = /\s*(\/?)>/y
const END = new RegExp(`</(${NAME})\\s*>`, 'y')
const INVISIBLE = /<!--[^]*?-->|<\?(?!xml\s)[^]*?\?>/y
const CDATA = /<!\[CDATA\[([^]*?)\]\]>/y

function tree(text: string, from: number): Open {
  const open: Open[] = []
  let root: Open | undefined
  let nodes = 0
  let at = from
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match !== null) at = pattern.lastIndex
    return match
  }
  const close = () => {
    const closed = open.pop()
    const parent = open.at(-1)
    if (closed !== undefined && parent !== undefined) parent.children.push([closed.key, valueOf(closed)])
  }

  while (at < text.length) {
    const inside = open.at(-1)
    const next = text.indexOf('<', at)
    const written = text.slice(at, next < 0 ? text.length : next)
    if (inside !== undefined) inside.text += unescaped(written)
    else if (written.trim() !== '') throw malformed()
    at += written.length
    if (next < 0 || take(INVISIBLE)) continue

    const cdata = take(CDATA)
    if (cdata !== null) {
      if (inside === undefined) throw malformed()
      inside.text += cdata[1] ?? ''
      continue
    }
    const end = take(END)
    if (end !== null) {
      if (inside?.name !== end[1]) throw malformed()
      close()
      continue
    }
    const name = take(START)?.[1]
    // `<!DOCTYPE` ends here, like everything else that is not well-formed.
    if (name === undefined || (inside === undefined && root !== undefined)) throw malformed()
    if (++nodes > MAX_NODES || open.length >= MAX_DEPTH) throw malformed()
    const element: Open = {
      name,
      key: name.replaceAll('-', '_'),
      type: undefined,
      isNil: false,
      text: '',
      children: [],
    }
    for (let attribute = take(ATTRIBUTE); attribute !== null; attribute = take(ATTRIBUTE)) {
      if (++nodes > MAX_NODES) throw malformed()
      const value = unescaped(attribute[2] ?? attribute[3] ?? '')
      if (attribute[1] === 'type') element.type = value
      if (attribute[1] === 'nil') element.isNil = value === 'true'
    }
    const ends = take(START_ENDS)
    if (ends === null) throw malformed()
    root ??= element
    open.push(element)
    if (ends[1] === '/') close()
  }
  if (root === undefined || open.length > 0) throw malformed()
  return root
}

function valueOf({ type, isNil, text, children }: Open): unknown {
  if (isNil) return null
  if (type === 'array') return children.map(([, value]) => value)
  if (children.length > 0) return objectOf(children)
  if (type === 'boolean') return BOOLEANS.get(text.trim()) ?? text
  if (type === 'integer' && /^\s*[+-]?\d{1,15}\s*$/.test(text)) return Number(text)
  return text
}

const BOOLEANS = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
])

/** What would reach into every object there is. */
const DANGEROUS = new Set(['__proto__', 'constructor', 'prototype'])

function objectOf(members: [string, unknown][]): Record<string, unknown> {
  const values = new Map<string, unknown[]>()
  for (const [key, value] of members) {
    const known = values.get(key)
    if (known) known.push(value)
    else if (!DANGEROUS.has(key)) values.set(key, [value])
  }
  return Object.fromEntries([...values].map(([key, all]) => [key, all.length === 1 ? all[0] : all]))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const ENTITIES = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
])

function unescaped(text: string): string {
  let plain = ''
  let from = 0
  for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', from)) {
    const end = text.indexOf(';', at)
    // The longest is `&#x10FFFF;`.
    if (end < 0 || end - at > 9) throw malformed()
    plain += text.slice(from, at) + referenced(text.slice(at + 1, end))
    from = end + 1
  }
  return plain + text.slice(from)
}

function referenced(reference: string): string {
  const entity = ENTITIES.get(reference)
  if (entity !== undefined) return entity
  if (!/^#(?:\d+|x[\da-fA-F]+)$/.test(reference)) throw malformed()
  const code = Number(reference.startsWith('#x') ? `0${reference.slice(1)}` : reference.slice(1))
  // Production 2 of XML 1.0.
  const allowed =
    code === 0x9 ||
    code === 0xa ||
    code === 0xd ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) ||
    (code >= 0x10000 && code <= 0x10ffff)
  if (!allowed) throw malformed()
  return String.fromCodePoint(code)
}

function malformed(): Problem {
  return new Problem('malformed', 'The body is not XML that can be read here')
}
