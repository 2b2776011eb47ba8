import type { FastifyInstance } from 'fastify'
import { type Address, parseAddressList } from '../../mail/address.ts'
import type { HeaderLine } from '../../mail/message.ts'
import type { Arrival } from '../arrival.ts'
import { foundMessage, rawOf } from './found.ts'
import { jsonOf, sendJson } from './json.ts'
import type { Sandbox } from './sandbox.ts'
import { objectOf } from '../../http/schemas.ts'

/** Contract, section 8.4. */
export function mailHeaders(app: FastifyInstance, sandbox: Sandbox): void {
  app.get(
    '/inboxes/:id/messages/:message_id/mail_headers',
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
      return sendJson(request, reply, jsonOf(`{"headers":${headersJson(headers, rcpt_to)}}`))
    },
  )
}

/** Written by hand: as keys of an object, names like `7` or `__proto__` would not stay where they are. */
function headersJson(headers: HeaderLine[], envelope: string[]): string {
  const values = new Map<string, string[]>()
  for (const { name, value } of headers) {
    const key = name.toLowerCase().replaceAll('-', '_')
    const known = values.get(key)
    if (known) known.push(value)
    else values.set(key, [value])
  }
  values.delete('bcc')
  const bcc = blindCopies(headers, envelope).join(', ') || null
  const members = [...values].map(([key, all]) => member(key, all.length === 1 ? all[0] : all))
  return `{${[...members, member('bcc', bcc)].join(',')}}`
}

function member(key: string, value: unknown): string {
  return `${JSON.stringify(key)}:${JSON.stringify(value)}`
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
