import type { FastifyInstance } from 'fastify'
import { sayJson } from '../../http/json.ts'
import { listOf, objectOf, oneOf, orNull, ref, text, truth } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import { addressOf } from '../checks/blacklists.ts'
import { foundMessage } from './found.ts'
import type { Sandbox } from './sandbox.ts'
import type { BlacklistsCheck, CheckUnavailable, HtmlCheck, SpamCheck } from './wire.ts'

const unavailable = objectOf({ available: { const: false }, reason: text })

/** What can be said about a message, check by check: one that is slow does not hold up another. */
export function webChecks(app: FastifyInstance, sandbox: Sandbox): void {
  const { checks } = sandbox
  const path = '/inboxes/:id/messages/:message_id/checks'

  app.get(
    `${path}/spam`,
    {
      config: {
        doc: {
          summary: 'What SpamAssassin makes of a message',
          reply: {
            oneOf: [
              objectOf({
                available: { const: true },
                score: { type: 'number' },
                threshold: { type: 'number' },
                rules: listOf(objectOf({ points: text, name: text, description: text })),
              }),
              objectOf({ available: { const: false }, reason: text, configured: truth }),
            ],
          },
        },
      },
    },
    async (request, reply) => {
      const message = await foundMessage(sandbox, request, 'see')
      const check: SpamCheck = await checks.spam(message).then(
        ({ score, threshold, rules }) => ({ available: true, score, threshold, rules }),
        (error: unknown) => ({ ...reasonOf(error), configured: checks.spamd !== undefined }),
      )
      return sayJson(request, reply, check)
    },
  )

  app.get(
    `${path}/html`,
    {
      config: {
        doc: {
          summary: 'What mail programs make of the HTML',
          reply: {
            oneOf: [
              objectOf({
                available: { const: true },
                has_html: truth,
                rules: listOf(ref('HtmlRule')),
                note: orNull(text),
              }),
              unavailable,
            ],
          },
        },
      },
    },
    async (request, reply) => {
      const message = await foundMessage(sandbox, request, 'see')
      const check: HtmlCheck = await checks.html(message).then(
        report => ({
          available: true,
          has_html: report !== undefined,
          rules: report?.rules ?? [],
          note: report?.note ?? null,
        }),
        reasonOf,
      )
      return sayJson(request, reply, check)
    },
  )

  app.get(
    `${path}/blacklists`,
    {
      config: {
        doc: {
          summary: 'Whether the address it came from is on blacklists',
          description: 'off: none is asked; private: the address is none of the open Internet.',
          reply: {
            oneOf: [
              objectOf({ state: oneOf('off', 'private', 'pending', 'error') }),
              objectOf({
                state: { const: 'done' },
                ip: text,
                lists: listOf(objectOf({ name: text, zone: text, listed: truth })),
              }),
            ],
          },
        },
      },
    },
    async (request, reply) => {
      const message = await foundMessage(sandbox, request, 'see')
      const state = await checks.blacklists?.look(message)
      return sayJson(request, reply, blacklistsCheck(state, addressOf(message)))
    },
  )

  function blacklistsCheck(
    state: Awaited<ReturnType<NonNullable<typeof checks.blacklists>['look']>>,
    address: string | undefined,
  ): BlacklistsCheck {
    if (checks.blacklists === undefined) return { state: 'off' }
    if (address === undefined) return { state: 'private' }
    if (state === undefined || state === 'error') return { state: 'error' }
    if (state === 'pending') return { state }
    return { state: 'done', ip: state.ip, lists: state.lists }
  }
}

function reasonOf(error: unknown): CheckUnavailable {
  if (error instanceof Problem && error.kind === 'unavailable')
    return { available: false, reason: error.message }
  throw error
}
