const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

/**
 * A value as Rails' `to_xml` writes it: two spaces of indent, dashes for underscores, a `type` where it is not a
 * string. Maps are objects whose keys keep their order whatever they look like.
 * @param root the name of the outermost element; of a list the plural, its elements are named by the singular
 * @param floats keys whose numbers are floats even when they are whole
 */
export function railsXml(value: unknown, root: string, floats: readonly string[] = []): string {
  return DECLARATION + element(root, value, '', floats)
}

function element(key: string, value: unknown, indent: string, floats: readonly string[]): string {
  const name = elementName(key)
  if (value === null) return `${indent}<${name} nil="true"/>\n`
  if (Array.isArray(value)) {
    if (value.length === 0) return `${indent}<${name} type="array"/>\n`
    const one = singular(key)
    const inside = value.map(item => element(one, item, `${indent}  `, floats)).join('')
    return `${indent}<${name} type="array">\n${inside}${indent}</${name}>\n`
  }
  if (typeof value === 'object') {
    const inside = [...(value instanceof Map ? value : Object.entries(value as object))]
      .filter(([, item]) => item !== undefined)
      .map(([inner, item]) => element(String(inner), item, `${indent}  `, floats))
      .join('')
    return `${indent}<${name}>\n${inside}${indent}</${name}>\n`
  }
  const isFloat = typeof value === 'number' && (floats.includes(key) || !Number.isInteger(value))
  const text = isFloat && Number.isInteger(value) ? `${value}.0` : escaped(String(value))
  return `${indent}<${name}${typeOf(key, value, isFloat)}>${text}</${name}>\n`
}

function typeOf(key: string, value: unknown, isFloat: boolean): string {
  if (typeof value === 'number') return isFloat ? ' type="float"' : ' type="integer"'
  if (typeof value === 'boolean') return ' type="boolean"'
  // A mail may have a header field named `Sent-At`, and anything in it.
  return key.endsWith('_at') && /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/.test(String(value))
    ? ' type="dateTime"'
    : ''
}

const names = new Map<string, string>()

/** XML 1.0, section 2.3, in ASCII. Header fields of mails may be called nearly anything. */
function elementName(key: string): string {
  const known = names.get(key)
  if (known !== undefined) return known
  const dashed = key.replaceAll(/[^A-Za-z0-9.-]/g, '-')
  const name = /^[A-Za-z]/.test(dashed) ? dashed : `h-${dashed}`
  if (names.size >= 1000) names.clear()
  names.set(key, name)
  return name
}

/** As far as our plurals go: `companies`, `addresses`, `inboxes`, `status`, `messages`. */
function singular(plural: string): string {
  if (plural.endsWith('ies')) return `${plural.slice(0, -3)}y`
  if (/(?:s|x|ch|sh)es$/.test(plural)) return plural.slice(0, -2)
  return /(?:ss|us|is|alias)$/.test(plural) || !plural.endsWith('s') ? plural : plural.slice(0, -1)
}

/** What XML 1.0 has no place for (section 2.2), half a surrogate pair among it. */
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/
const ALL_FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu

function escaped(text: string): string {
  const allowed = FORBIDDEN.test(text) || !text.isWellFormed() ? text.replaceAll(ALL_FORBIDDEN, '') : text
  return (
    allowed
      .replaceAll(/&/g, '&amp;')
      .replaceAll(/</g, '&lt;')
      .replaceAll(/>/g, '&gt;')
      // Readers make a line feed of it where it stands as it is (section 2.11).
      .replaceAll(/\r/g, '&#13;')
  )
}
