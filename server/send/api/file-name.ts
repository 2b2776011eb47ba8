import type { FastifyRequest } from 'fastify'

const MAX_NAME = 255

/** What a file is called whose bytes are the body: X-File-Name, percent-encoded or as it is. */
export function fileNameIn({ headers }: FastifyRequest, ifNone: string): string {
  const given = String(headers['x-file-name'] ?? '')
  let name = given
  try {
    name = decodeURIComponent(given)
  } catch {
    // Not encoded: then it is the name itself.
  }
  return name.slice(0, MAX_NAME).trim() || ifNone
}
