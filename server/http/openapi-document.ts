import type { Schema } from './route-doc.ts'

// As much of OpenAPI 3.1 as scripts/openapi.ts writes.

export interface OpenApiDocument {
  openapi: string
  info: { title: string; version: string; description?: string }
  servers?: { url: string }[]
  security?: Security[]
  paths: Record<string, Record<string, Operation>>
  components: Record<string, Record<string, unknown>> & { schemas: Record<string, Schema> }
}

export interface Operation {
  /** The resource it belongs to. */
  tags?: string[]
  summary?: string
  description?: string
  security?: Security[]
  parameters?: Parameter[]
  requestBody?: { content: Content }
  responses: Record<string, OperationReply>
}

interface Parameter {
  name: string
  in: string
  required?: boolean
  description?: string
  schema: Schema
}

/** Media type → what is in it. */
export type Content = Record<string, { schema: Schema }>

export type OperationReply = { $ref: string } | ApiReply

export interface ApiReply {
  description: string
  content?: Content
}

type Security = Record<string, string[]>

/**
 * One document out of several. Components that mean different things under one name get their document's name
 * behind it, from the second one on; ways to authenticate are the same everywhere.
 * @param documents by name
 */
export function merged(
  documents: ReadonlyMap<string, OpenApiDocument>,
  about: { title: string; version: string; server: string },
): OpenApiDocument {
  const whole: OpenApiDocument = {
    openapi: '3.1.0',
    info: { title: about.title, version: about.version },
    servers: [{ url: about.server }],
    paths: {},
    components: { schemas: {} },
  }
  for (const [name, document] of documents) {
    const { paths, components } = renamed(document, name, whole.components)
    for (const [path, operations] of Object.entries(paths)) {
      const secured = Object.entries(operations).map(([method, operation]) => [
        method,
        { ...(document.security && { security: document.security }), ...operation },
      ])
      whole.paths[path] = { ...whole.paths[path], ...Object.fromEntries(secured) }
    }
    for (const [section, entries] of Object.entries(components))
      whole.components[section] = { ...whole.components[section], ...entries }
  }
  return whole
}

/** The document with those of its components under another name whose name is taken by something else. */
function renamed(
  document: OpenApiDocument,
  name: string,
  taken: OpenApiDocument['components'],
): OpenApiDocument {
  const clashes = new Map<string, string>()
  for (const [section, entries] of Object.entries(document.components))
    for (const [key, entry] of Object.entries(entries)) {
      const other = taken[section]?.[key]
      if (other !== undefined && JSON.stringify(other) !== JSON.stringify(entry))
        clashes.set(`#/components/${section}/${key}`, `${key}-${name}`)
    }
  const components = Object.entries(document.components).map(([section, entries]) => [
    section,
    Object.fromEntries(
      Object.entries(entries).map(([key, entry]) => [
        clashes.get(`#/components/${section}/${key}`) ?? key,
        entry,
      ]),
    ),
  ])
  const text = JSON.stringify({ ...document, components: Object.fromEntries(components) }, (key, value) => {
    const to = key === '$ref' ? clashes.get(String(value)) : undefined
    return to === undefined ? value : String(value).replace(/[^/]+$/, to)
  })
  return JSON.parse(text) as OpenApiDocument
}
