// Every row exactly once: an import held against a real process that is killed again and again.
import { setTimeout as pause } from 'node:timers/promises'
import { ADMIN_API_TOKEN, type Posthorn, type PosthornOptions, startPosthorn } from './posthorn.ts'
import { randomFrom } from './random.ts'

/** What is counted at the end; of an import that kept its promise `wrong` is empty. */
interface ImportCount {
  kills: number
  rows: number
  /** How many rows were stored at each kill. */
  stood: number[]
  wrong: string[]
}

interface ImportKillRun {
  rows: number
  kills: number
  seed: number
  options: PosthornOptions
}

interface Progress {
  status: string
  rows: number
  created: number
  updated: number
  failed: number
}

const TAGS = 7
/** Every so many rows repeat an address, with the same number; every so many are no good. */
const AGAIN = 10
const BAD = 25

/** Kills between two portions or in the middle of one, restarts, and counts over the API when it has ended. */
export async function importKillRun({ rows, kills, seed, options }: ImportKillRun): Promise<ImportCount> {
  const random = randomFrom(seed)
  const posthorn = await startPosthorn(options)
  const stood: number[] = []
  try {
    const file = fileOf(rows)
    const id = await begin(posthorn, file.text)
    for (let kill = 1; kill <= kills; kill++) {
      const goal = Math.floor((rows * (kill - 1 + random(1000) / 1000)) / (kills + 1))
      const at = await untilRows(posthorn, id, goal)
      if (at.status === 'done') break
      await pause(random(60))
      await posthorn.kill('SIGKILL')
      stood.push(at.rows)
      await posthorn.restart()
    }
    const end = await untilRows(posthorn, id, Infinity)
    return { kills: stood.length, rows, stood, wrong: await count(posthorn, file, id, end) }
  } finally {
    await posthorn.stop()
  }
}

interface MadeFile {
  text: string
  people: number
  bad: number
  again: number
  byTag: number[]
}

/** In random order; tags and a number follow from the address, so that the end can be told from it. */
function fileOf(rows: number): MadeFile {
  const lines = ['email,first_name,tags,number']
  const byTag = Array.from({ length: TAGS }, () => 0)
  let bad = 0
  let again = 0
  let people = 0
  for (let i = 0; i < rows; i++) {
    const person = i % AGAIN === AGAIN - 1 ? i - 1 : i
    if (i % BAD === BAD - 2) {
      bad++
      lines.push(`nobody ${i},x,,`)
      continue
    }
    const of = shuffled(person, rows)
    if (person !== i && person % BAD !== BAD - 2) again++
    else {
      people++
      byTag[of % TAGS] = (byTag[of % TAGS] as number) + 1
    }
    lines.push(`p${of}@kill.test,Person ${of},tag ${of % TAGS},${of}`)
  }
  return { text: `${lines.join('\n')}\n`, people, bad, again, byTag }
}

/** Another number below the same bound, each once. */
function shuffled(i: number, bound: number): number {
  return (i * 1_000_003) % bound
}

async function begin(posthorn: Posthorn, text: string): Promise<number> {
  const response = await fetch(`${posthorn.url}/api/posthorn/imports`, {
    method: 'POST',
    headers: { 'api-token': ADMIN_API_TOKEN, 'content-type': 'text/csv', 'x-file-name': 'kill.csv' },
    body: text,
  })
  const { import: brought } = (await response.json()) as { import: { id: number } }
  await ask(posthorn, 'POST', `/imports/${brought.id}/start`, {})
  return brought.id
}

async function untilRows(posthorn: Posthorn, id: number, goal: number): Promise<Progress> {
  for (const deadline = Date.now() + 600_000; Date.now() < deadline; await pause(10)) {
    const reply = await ask<{ import: Progress }>(posthorn, 'GET', `/imports/${id}`)
    if (reply.import.status !== 'running' || reply.import.rows >= goal) return reply.import
  }
  throw new Error('the import does not end')
}

async function count(posthorn: Posthorn, file: MadeFile, id: number, end: Progress): Promise<string[]> {
  const { counts } = await ask<{ counts: { total: number } }>(posthorn, 'GET', '/audience')
  const { tags } = await ask<{ tags: { name: string; subscribers_count: number }[] }>(
    posthorn,
    'GET',
    '/tags',
  )
  const { total } = await ask<{ total: number }>(posthorn, 'GET', `/imports/${id}/faults?limit=1`)
  const csv = await (
    await fetch(`${posthorn.url}/api/posthorn/subscribers/export`, {
      headers: { 'api-token': ADMIN_API_TOKEN },
    })
  ).text()
  const seen = new Map<string, number>()
  let crooked = 0
  for (const line of csv.split('\r\n').slice(1)) {
    const [, address = ''] = /,p(\d+)@kill\.test,/.exec(line) ?? []
    if (address === '') continue
    seen.set(address, (seen.get(address) ?? 0) + 1)
    if (
      !line.includes(`,Person ${address},`) ||
      !line.includes(`,tag ${Number(address) % TAGS},`) ||
      !line.endsWith(`,${address}`)
    )
      crooked++
  }
  const facts: [string, unknown, unknown][] = [
    ['status', end.status, 'done'],
    ['rows', end.rows, file.people + file.again + file.bad],
    ['created', end.created, file.people],
    ['updated', end.updated, file.again],
    ['failed', end.failed, file.bad],
    ['rows in the report', total, file.bad],
    ['subscribers counted', counts.total, file.people],
    ['subscribers exported', seen.size, file.people],
    ['exported twice', [...seen.values()].filter(times => times > 1).length, 0],
    ['not as in the file', crooked, 0],
    ...file.byTag.map((of, tag): [string, unknown, unknown] => [
      `with tag ${tag}`,
      tags.find(({ name }) => name === `tag ${tag}`)?.subscribers_count ?? 0,
      of,
    ]),
  ]
  return facts
    .filter(([, is, should]) => is !== should)
    .map(([what, is, should]) => `${what}: ${is}, not ${should}`)
}

async function ask<T>(posthorn: Posthorn, method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${posthorn.url}/api/posthorn${path}`, {
    method,
    headers: {
      'api-token': ADMIN_API_TOKEN,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  return (await response.json()) as T
}
