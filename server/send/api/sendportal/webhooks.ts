import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { withinBounds } from '../../../http/json-bounds.ts'
import type { RouteDoc } from '../../../http/route-doc.ts'
import { Problem } from '../../../problem.ts'
import { idOfToken } from '../../feedback/public-token.ts'
import { WEBHOOK_KEY } from '../../ways-out/webhook-url.ts'
import type { WebhookPost } from '../../feedback/webhooks/webhook.ts'
import { WEBHOOK_PROVIDERS, type WebhookProviderName } from '../../feedback/webhooks/webhooks.ts'
import { jsonIn } from '../../ways-out/outside-json.ts'
import type { SendPortalDoor } from './door.ts'

/** Thousands of events, and more than any provider posts at once. */
const MAX_BODY = 2 << 20

const TITLES: Record<WebhookProviderName, string> = {
  aws: 'Amazon SES, by SNS',
  mailgun: 'Mailgun',
  postmark: 'Postmark',
  sendgrid: 'SendGrid',
  mailjet: 'Mailjet',
  postal: 'Postal',
}

/**
 * Where providers tell what became of mails (contract, section 6.2): to everybody, and always `OK` where it was
 * understood. Signatures are over the body as it came, which is therefore read as it is, whatever its type: SNS sends
 * JSON as plain text.
 */
export function webhooks(app: FastifyInstance, door: Pick<SendPortalDoor, 'secrets' | 'webhooks'>): void {
  app.register(async plugin => {
    plugin.removeAllContentTypeParsers()
    plugin.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MAX_BODY }, (_request, bytes, done) =>
      done(null, bytes),
    )
    for (const name of Object.keys(WEBHOOK_PROVIDERS) as WebhookProviderName[]) {
      plugin.post(
        `/webhooks/${name}`,
        { bodyLimit: MAX_BODY, config: config(`What became of mails: ${TITLES[name]}`) },
        (request, reply) => receive(name, undefined, request, reply),
      )
      plugin.post<{ Params: { service_token: string } }>(
        `/webhooks/${name}/:service_token`,
        {
          bodyLimit: MAX_BODY,
          config: config(
            `What became of mails of one email service: ${TITLES[name]}`,
            'The address that an email service shows: nobody else knows it.',
          ),
        },
        (request, reply) => {
          const serviceId = idOfToken(door.secrets.key(WEBHOOK_KEY), request.params.service_token)
          if (serviceId === undefined) throw new Problem('absent')
          return receive(name, serviceId, request, reply)
        },
      )
    }
  })

  async function receive(
    name: WebhookProviderName,
    serviceId: number | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const said = await door.webhooks.receive(name, postOf(request), serviceId)
    return reply.type('text/plain; charset=utf-8').send(said)
  }
}

function config(summary: string, description?: string) {
  return {
    open: true,
    doc: {
      summary,
      ...(description !== undefined && { description }),
      reply: 'text/plain',
    } satisfies RouteDoc,
  }
}

function postOf({ body, headers }: FastifyRequest): WebhookPost {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0)
  const text = bytes.toString()
  return {
    header: name => [headers[name] ?? []].flat()[0],
    body: bytes,
    json: withinBounds(text) ? jsonIn(text) : undefined,
  }
}
