/** Text that is HTML already. */
export interface Html {
  readonly html: string
}

type Value = string | number | Html | readonly Html[]

/** A template whose values are escaped, unless they are HTML themselves. */
export function html(parts: TemplateStringsArray, ...values: Value[]): Html {
  return { html: String.raw({ raw: parts }, ...values.map(written)) }
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function written(value: Value): string {
  if (typeof value === 'string') return value.replaceAll(/[&<>"']/g, character => ENTITIES[character] ?? '')
  if (typeof value === 'number') return String(value)
  return 'html' in value ? value.html : value.map(one => one.html).join('')
}
