import type { FastifyInstance, FastifyRequest } from 'fastify'
import { setImmediate as turn } from 'node:timers/promises'
import { composeMessage } from '../../../mail/compose.ts'
import { listOf, objectOf, ref } from '../../../http/schemas.ts'
import { problemOf } from '../../../http/refusal.ts'
import { Problem } from '../../../problem.ts'
import type { ReachedInbox } from '../../access.ts'
import type { Ingest } from '../../ingest.ts'
import type { Rates } from '../../rates.ts'
import { foundInbox } from '../found.ts'
import type { Sandbox } from '../sandbox.ts'
import { sayLikeSending } from './errors.ts'
import { isObject } from './mail-fields.ts'
import { type RequestedMail, readMail } from './mail-request.ts'
import type { BatchWire, RefusedWire, SentWire } from './wire.ts'

/** The way in for mail that comes as JSON. */
export interface MailIn {
  ingest: Ingest
  rates: Rates
  /** Bytes of a request with one mail, and of one with many. */
  bodyLimits: { send: number; batch: number }
  /** Told of what went wrong on our side where the reply to the whole request does not show it. */
  failed(error: unknown): void
}

interface Written {
  mail: RequestedMail
  raw: Buffer
}

const MAX_REQUESTS = 500
/** Bytes of a batch that wait for the disk at once. */
const MOST_UNDER_WAY = 16 << 20

/** Contract, section 13: sending into an inbox. Answers once the mail is on disk. */
export function send(app: FastifyInstance, sandbox: Sandbox, mailIn: MailIn): void {
  const { ingest, rates, bodyLimits, failed } = mailIn

  app.post(
    '/send/:id',
    {
      bodyLimit: bodyLimits?.send,
      config: {
        doc: {
          summary: 'Put a mail into an inbox',
          body: ref('Mail'),
          reply: ref('Sent'),
          refusal: ref('Refused'),
          also: { 413: 'Larger than the inbox takes' },
        },
      },
    },
    async (request, reply) => {
      const inbox = await foundInbox(sandbox, request, 'send_mail')
      return reply.send(await keep(request, inbox, write(inbox, request.body)))
    },
  )

  app.post(
    '/batch/:id',
    {
      bodyLimit: bodyLimits?.batch,
      config: {
        doc: {
          summary: 'Put many mails into an inbox',
          description: `At most ${MAX_REQUESTS}. What \`base\` holds counts for each that does not say otherwise. The status is 200 also if some, or all, were refused.`,
          body: objectOf({ base: ref('Mail'), requests: listOf(ref('Mail')) }),
          reply: ref('Batch'),
          refusal: ref('Refused'),
          also: { 413: 'More than 50 MB' },
        },
      },
    },
    async (request, reply) => {
      const inbox = await foundInbox(sandbox, request, 'send_mail')
      const mails = mailsIn(request.body)
      const responses: Promise<SentWire | RefusedWire>[] = []
      let underWay = 0
      for (const mail of mails) {
        // What all have in common is written into each: five hundred times, if it is an attachment.
        if (underWay > MOST_UNDER_WAY) {
          await Promise.all(responses)
          underWay = 0
        }
        try {
          const written = write(inbox, mail)
          underWay += written.raw.length
          responses.push(keep(request, inbox, written).catch(refused))
        } catch (error) {
          responses.push(Promise.resolve(refused(error)))
        }
        // Others want to be served meanwhile.
        await turn()
      }
      return reply.send({ success: true, responses: await Promise.all(responses) } satisfies BatchWire)
    },
  )

  /** One of many that was not kept: the others are answered all the same. */
  function refused(error: unknown): RefusedWire {
    const problem = problemOf(error)
    if (problem.kind === 'broken' || problem.kind === 'unavailable') failed(problem.cause)
    return JSON.parse(sayLikeSending(problem).body) as RefusedWire
  }

  async function keep(
    request: FastifyRequest,
    inbox: ReachedInbox,
    { mail, raw }: Written,
  ): Promise<SentWire> {
    if (!rates.take(inbox)) throw new Problem('too_many')
    const kept = await ingest(
      { inboxIds: [inbox.id], arrival: arrivalOf(request, mail), receivedAt: Date.now() },
      raw,
    )
    // Deleted or switched off since it was found.
    if (kept.messages.length === 0) throw new Problem('absent')
    return { success: true, message_ids: kept.messages.map(({ id }) => String(id)) }
  }
}

/** @throws Problem `invalid`, `too_large` */
function write(inbox: ReachedInbox, body: unknown): Written {
  const mail = readMail(body)
  if (Array.isArray(mail)) throw new Problem('invalid', '', { fields: { base: mail } })
  const raw = composeMessage(mail.draft)
  if (raw.length > inbox.max_message_size) throw new Problem('too_large', 'Message is too big')
  return { mail, raw }
}

function arrivalOf({ ip }: FastifyRequest, { mailFrom, recipients, template }: RequestedMail) {
  return {
    source: 'api' as const,
    mail_from: mailFrom,
    rcpt_to: recipients,
    client_ip: ip,
    helo: '',
    tls: null,
    login: null,
    ...(template && { template }),
  }
}

/** @throws Problem `invalid` */
function mailsIn(body: unknown): unknown[] {
  const { base, requests } = isObject(body) ? body : {}
  if (!Array.isArray(requests) || requests.length === 0) throw unacceptable("empty field: 'requests'")
  if (requests.length > MAX_REQUESTS)
    throw unacceptable(`'requests' is too long (maximum is ${MAX_REQUESTS} messages)`)
  if (base !== undefined && base !== null && !isObject(base)) throw unacceptable("'base' is invalid")
  return requests.map((each: unknown) => (isObject(each) ? { ...base, ...said(each) } : each))
}

/** What a mail leaves empty does not hide what all have in common. */
function said(mail: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(mail).filter(([, value]) => value !== null))
}

function unacceptable(fault: string): Problem {
  return new Problem('invalid', '', { fields: { base: [fault] } })
}
