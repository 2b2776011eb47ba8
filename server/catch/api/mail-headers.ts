import type { FastifyInstance } from 'fastify'
import { type Address, parseAddressList } from '../../mail/address.ts'
import type { HeaderLine } from '../../mail/message.ts'
import type { Arrival } from '../arrival.ts'
import { jsonOf } from '../../http/json.ts'
import { sayFinished } from '../../http/say.ts'
import { foundMessage, rawOf } from './found.ts'
import type { Sandbox } from './sandbox.ts'
import { objectOf } from '../../http/schemas.ts'

/** Contract, section 8.4. */
export function mailHeaders(app: FastifyInstance, sandbox: Sandbox, inboxes = '/inboxes'): void {
  app.get(
    `${inboxes}/:id/messages/:message_id/mail_headers`,
    {
      config: {
        doc: {
          summary: 'The header by field name, lower case with underscores',
          description: 'A field that occurs several times is an array. `bcc` is always there, and last.',
          reply: objectOf({
            headers: {
              type: 'object',
              additionalProperties: {
                oneOf: [{ type: ['string', 'null'] }, { type: 'array', items: { type: 'string' } }],
              },
            },
          }),
        },
      },
    },
    async (request, reply) => {
      const message = await foundMessage(sandbox, request, 'see')
      const { headers } = await sandbox.reader.read(await rawOf(sandbox, message), { headers: true })
      const { rcpt_to } = JSON.parse(message.arrival) as Arrival
      const fields = fieldsOf(headers, rcpt_to)
      return sayFinished(request, reply, jsonOf(`{"headers":${jsonObject(fields)}}`), 'hash', () => ({
        headers: fields,
      }))
    },
  )
}

type Field = string | string[] | null

/** By key, in the order of the message. */
function fieldsOf(headers: HeaderLine[], envelope: string[]): Map<string, Field> {
  const values = new Map<string, string[]>()
  for (const { name, value } of headers) {
    const key = name.toLowerCase().replaceAll('-', '_')
    const known = values.get(key)
    if (known) known.push(value)
    else values.set(key, [value])
  }
  values.delete('bcc')
  const fields = new Map<string, Field>()
  for (const [key, all] of values) fields.set(key, all.length === 1 ? (all[0] ?? null) : all)
  return fields.set('bcc', blindCopies(headers, envelope).join(', ') || null)
}

/** As keys of an object, names like `7` or `__proto__` would not stay where they are. */
function jsonObject(fields: Map<string, Field>): string {
  return `{${[...fields].map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`
}

/** Envelope recipients that the message itself does not name. */
export function blindCopies(headers: HeaderLine[], envelope: string[]): string[] {
  const named = new Set(
    [...addressesIn(headers, 'to'), ...addressesIn(headers, 'cc')].map(({ address }) =>
      address.toLowerCase(),
    ),
  )
  return [...new Set(envelope)].filter(address => !named.has(address.toLowerCase()))
}

/** The mailboxes of all fields of a name. */
export function addressesIn(headers: HeaderLine[], name: string): Address[] {
  return headers
    .filter(header => header.name.toLowerCase() === name)
    .flatMap(header => parseAddressList(header.value))
}
