import { ADMIN_API_TOKEN } from '../posthorn.ts'
import type { Posthorn } from '../posthorn.ts'

/** A call with the owner's token; the answer, or an error that says what was refused. */
export async function asOwner<Answer>(
  server: Posthorn,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const raw = typeof body === 'string'
  const reply = await fetch(`${server.url}/api/posthorn${path}`, {
    method,
    headers: {
      'api-token': ADMIN_API_TOKEN,
      ...(body !== undefined && { 'content-type': raw ? 'application/octet-stream' : 'application/json' }),
      ...(raw && { 'x-file-name': 'people.csv' }),
    },
    body: raw ? body : body === undefined ? null : JSON.stringify(body),
  })
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`)
  return (await reply.json()) as Answer
}

const FIRST =
  'Ada,Grace,Évelyne,Joan,Radia,Hedy,Katherine,Margaret,Annie,Dorothy,Barbara,Karen,Frances'.split(',')
const LAST = 'Lovelace,Hopper,Clarke,Perlman,Lamarr,Johnson,Hamilton,Easley,Vaughan,Liskov,Jones'.split(',')
const TAGS = ['newsletter', 'customers', 'beta', 'Trade fair Berlin 2026']
const CITIES = ['Berlin', 'Lyon', 'Porto', 'Tromsø', 'Kraków']

/** Rows as a shop would export them, the same every time; each 40th is broken. */
export function peopleFile(rows: number, broken = true): string {
  const lines = ['E-mail;First name;Last name;Tags;City;Orders;Newsletter since']
  for (let at = 1; at <= rows; at++) {
    const first = FIRST[at % FIRST.length] ?? ''
    const last = LAST[(at * 7) % LAST.length] ?? ''
    const address =
      broken && at % 40 === 0 ? `${first} at example.com` : `${plain(first)}.${plain(last)}.${at}@example.com`
    const tags = TAGS.filter((_, index) => (at + index) % (index + 2) === 0).join(',')
    lines.push([address, first, last, tags, CITIES[at % CITIES.length], at % 17, '2026-03-14'].join(';'))
  }
  return lines.join('\r\n')
}

function plain(name: string): string {
  return name
    .normalize('NFD')
    .replace(/[^a-z]/gi, '')
    .toLowerCase()
}
