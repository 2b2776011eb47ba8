// Section 11 of the contract, written down a second time and as plainly as can be, to hold the server's XML against.

/** What Rails' to_xml makes of an object or list. @param root as `inbox`, `shared_inboxes` */
export function railsReference(value: object, root: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${write(root, value, 0)}`
}

function write(key: string, value: unknown, depth: number): string {
  const name = nameOf(key)
  const pad = '  '.repeat(depth)
  const line = (attributes: string, text: string) => `${pad}<${name}${attributes}>${text}</${name}>\n`
  if (value === null) return `${pad}<${name} nil="true"/>\n`
  if (Array.isArray(value)) {
    if (value.length === 0) return `${pad}<${name} type="array"/>\n`
    const inner = value.map(item => write(SINGULAR[key] ?? key.slice(0, -1), item, depth + 1)).join('')
    return `${pad}<${name} type="array">\n${inner}${pad}</${name}>\n`
  }
  if (typeof value === 'object') {
    const inner = Object.entries(value as object).map(([k, v]) => write(k, v, depth + 1))
    return `${pad}<${name}>\n${inner.join('')}${pad}</${name}>\n`
  }
  if (typeof value === 'boolean') return line(' type="boolean"', String(value))
  if (typeof value === 'number') {
    const isFloat = FLOATS.has(key) || !Number.isInteger(value)
    if (isFloat) return line(' type="float"', Number.isInteger(value) ? `${value}.0` : String(value))
    return line(' type="integer"', String(value))
  }
  return line(key.endsWith('_at') ? ' type="dateTime"' : '', escape(String(value)))
}

const SINGULAR: Record<string, string> = {
  companies: 'company',
  inboxes: 'inbox',
  shared_inboxes: 'shared_inbox',
  rcpt_to_addrs: 'rcpt_to_addr',
}
const FLOATS = new Set(['Score', 'Threshold'])

function nameOf(key: string): string {
  const name = key.replaceAll('_', '-').replaceAll(/[^A-Za-z0-9.-]/g, '-')
  return /^\d/.test(name) ? `h-${name}` : name
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;')
    .replaceAll(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '')
}
