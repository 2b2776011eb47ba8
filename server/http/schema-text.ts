import { html, type Html } from './html.ts'
import type { Schema } from './route-doc.ts'

/**
 * A schema as one would jot it down: keys, types, and what is to say about them behind.
 * @param link how a named shape is written
 */
export function schemaText(schema: Schema, link: (shape: string) => Html, indent = ''): Html {
  if (typeof schema.$ref === 'string') return link(schema.$ref.replace(/^.*\//, ''))
  if (Array.isArray(schema.oneOf)) return either(schema.oneOf as Schema[], link, indent)
  if ('const' in schema) return html`${JSON.stringify(schema.const)}`
  if (Array.isArray(schema.enum)) return html`${schema.enum.map(value => JSON.stringify(value)).join(' | ')}`
  const types = [schema.type ?? 'anything'].flat().map(String)
  return either(
    types.map(type => ({ ...schema, type })),
    link,
    indent,
    (one, within) => ofType(one, link, within),
  )
}

function either(
  schemas: Schema[],
  link: (shape: string) => Html,
  indent: string,
  write = (one: Schema, within: string) => schemaText(one, link, within),
): Html {
  return html`${schemas.map((one, i) => html`${i === 0 ? '' : ' | '}${write(one, indent)}`)}`
}

function ofType(schema: Schema, link: (shape: string) => Html, indent: string): Html {
  if (schema.type === 'array') return html`[${schemaText(schema.items as Schema, link, indent)}]`
  if (schema.type === 'string' && schema.format === 'date-time') return html`time`
  if (schema.type !== 'object') return html`${String(schema.type)}`
  if (schema.additionalProperties !== undefined)
    return html`{ [key]: ${schemaText(schema.additionalProperties as Schema, link, indent)} }`
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Schema>)
  if (properties.length === 0) return html`{}`
  const required = new Set((schema.required ?? []) as string[])
  const within = `${indent}  `
  const lines = properties.map(([key, property]) => {
    const mark = required.has(key) ? '' : '?'
    return html`${within}<b>${key}</b>${mark}: ${schemaText(property, link, within)}${remark(property)}
`
  })
  return html`{
${lines}${indent}}`
}

function remark({ description }: Schema): Html {
  return typeof description === 'string' ? html`  <i>${description}</i>` : html``
}
