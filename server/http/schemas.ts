import type { Schema } from './route-doc.ts'

// JSON Schema in few words, for the published description of the routes.

export const text: Schema = { type: 'string' }
export const integer: Schema = { type: 'integer', format: 'int64' }
export const truth: Schema = { type: 'boolean' }
export const instant: Schema = { type: 'string', format: 'date-time' }

export function ref(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` }
}

export function listOf(items: Schema): Schema {
  return { type: 'array', items }
}

export function oneOf(...values: string[]): Schema {
  return { type: 'string', enum: values }
}

export function orNull(schema: Schema): Schema {
  return typeof schema.type === 'string'
    ? { ...schema, type: [schema.type, 'null'] }
    : { oneOf: [schema, { type: 'null' }] }
}

/** Every key is always there. */
export function objectOf(properties: Record<string, Schema>): Schema {
  return { type: 'object', required: Object.keys(properties), properties }
}

/** Every key may be left out. */
export function optional(properties: Record<string, Schema>): Schema {
  return { type: 'object', properties }
}
