import type { FastifyReply } from 'fastify'

/** CSV to be saved under a name of ours. Nothing of it is for the browser to show. */
export function attachment(reply: FastifyReply, name: string): FastifyReply {
  return reply
    .header('content-type', 'text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="${name}"`)
    .header('x-content-type-options', 'nosniff')
}
