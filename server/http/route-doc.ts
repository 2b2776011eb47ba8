/** A JSON Schema of 2020-12, as OpenAPI 3.1 takes it. */
export type Schema = { readonly [key: string]: unknown }

/**
 * What the published description of an API says of one route. It stands beside the route, in its config;
 * nothing looks at it while the server runs (see scripts/openapi.ts).
 */
export interface RouteDoc {
  summary: string
  description?: string
  query?: Record<string, { description: string; schema: Schema }>
  body?: Schema
  /** Of success; default 200. With 204 there is no reply. */
  status?: 200 | 201 | 204
  /** Of success. A string is a media type with a body of bytes. */
  reply: Schema | string
  /** Body of every refusal, where it is not what the rest of the API says. */
  refusal?: Schema
  /** Statuses beyond the usual ones, with when they are sent. */
  also?: Record<number, string>
}

declare module 'fastify' {
  interface FastifyContextConfig {
    doc?: RouteDoc
  }
}
