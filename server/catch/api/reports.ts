import type { FastifyInstance } from 'fastify'
import { say } from '../../http/say.ts'
import { foundMessage } from './found.ts'
import type { Sandbox } from './sandbox.ts'
import { objectOf, oneOf, ref, text } from '../../http/schemas.ts'
import type { SpamReportWire } from './wire.ts'

/** A score of 5 is 5.0. */
const FLOATS = ['Score', 'Threshold']

/** What the dialect answers where nobody has checked: no score is ever made up (contract, section 16). */
const UNCHECKED: SpamReportWire = {
  report: {
    ResponseCode: 0,
    ResponseMessage: 'EX_OK',
    ResponseVersion: '1.1',
    Score: 0,
    Spam: false,
    Threshold: 5,
    Details: [],
  },
}

/** Contract, sections 8.6 and 8.7. The checkers themselves are not built yet. */
export function reports(app: FastifyInstance, sandbox: Sandbox, inboxes = '/inboxes'): void {
  app.get(
    `${inboxes}/:id/messages/:message_id/spam_report`,
    { config: { doc: { summary: "SpamAssassin's report", reply: ref('SpamReport') } } },
    async (request, reply) => {
      await foundMessage(sandbox, request, 'see')
      return say(request, reply, UNCHECKED, 'hash', FLOATS)
    },
  )

  app.get(
    `${inboxes}/:id/messages/:message_id/analyze`,
    {
      config: {
        doc: {
          summary: 'What mail programs make of the HTML',
          reply: objectOf({ report: objectOf({ status: oneOf('error'), msg: text }) }),
        },
      },
    },
    async (request, reply) => {
      const message = await foundMessage(sandbox, request, 'see')
      const msg = message.html_size === 0 ? 'The message has no HTML part' : 'No HTML checker is configured'
      return say(request, reply, { report: { status: 'error', msg } }, 'hash')
    },
  )
}
