// Promise 1, held against a real process that is killed again and again while mail comes in.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { sample, sha256, way } from './sample-mail.ts'
import { bodyOf, get, listAll } from './mailbox.ts'
import { type Posthorn, type PosthornOptions, startPosthorn } from './posthorn.ts'
import { type Random, randomFrom } from './random.ts'
import { SmtpSender } from './smtp-sender.ts'

const CONNECTIONS = 20

/** What is counted after the last restart. Of a promise kept, every list is empty. */
export interface Count {
  kills: number
  /** Answered 250. */
  answered: number
  /** Begun, and cut off by a kill before an answer came. */
  unanswered: number
  /** Unanswered ones that were kept all the same, which may be. */
  keptUnanswered: number
  /** Answered 250 and not there. */
  lost: string[]
  twice: string[]
  /** There, with other bytes than were sent. */
  altered: string[]
  /** Refused, though nothing was wrong with the server. */
  refused: string[]
  /** Files left where spilled messages are held. */
  spooled: string[]
  /** Counters of the inbox that are not the number of its messages. */
  miscounted: string[]
}

interface Sent {
  sha: string
  answer: string | undefined
}

export interface KillRun {
  kills: number
  seed: number
  options: PosthornOptions
  /** After each kill. */
  progress?: (kills: number, answered: number) => void
}

/** Kills, restarts, and counts everything over the API at the end. */
export async function killRun({ kills, seed, options, progress }: KillRun): Promise<Count> {
  const random = randomFrom(seed)
  const sent = new Map<string, Sent>()
  const posthorn = await startPosthorn({
    ...options,
    env: { ...options.env, POSTHORN_INBOX_MAX_MESSAGES: '0', POSTHORN_API_RATE_LIMIT: '0' },
  })
  try {
    for (let kill = 1; kill <= kills; kill++) {
      await mailUntilKilled(posthorn, sent, random, `${kill}`)
      await posthorn.restart()
      progress?.(kill, answeredOf(sent).length)
    }
    return await count(posthorn, sent, kills)
  } finally {
    await posthorn.stop()
  }
}

/** The moment is so many answers in, and a few milliseconds more: in the middle of whatever is under way then. */
async function mailUntilKilled(
  posthorn: Posthorn,
  sent: Map<string, Sent>,
  random: Random,
  round: string,
): Promise<void> {
  const goal = 1 + random(200)
  const delay = random(20)
  let answers = 0
  let killed: Promise<unknown> | undefined
  const kill = async () => {
    await pause(delay)
    await posthorn.kill('SIGKILL')
  }
  const connections = Array.from({ length: CONNECTIONS }, async (_, connection) => {
    const own = randomFrom(random(2 ** 32))
    const sender = await SmtpSender.connected(posthorn.smtpPort)
    for (let number = 0; ; ) {
      const batch = Array.from({ length: 1 + own(3) }, () =>
        sample(`${round}-${connection}-${number++}`, own),
      )
      for (const { name, bytes } of batch) sent.set(name, { sha: sha256(bytes), answer: undefined })
      const told = (index: number, answer: string) => {
        const entry = sent.get(batch[index]?.name ?? '')
        if (entry) entry.answer = answer
        if (++answers >= goal) killed ??= kill()
      }
      await sender.send(
        batch.map(({ bytes }) => bytes),
        way(own),
        told,
      )
    }
  })
  // Each ends when its connection does.
  for (const end of await Promise.allSettled(connections))
    if (killed === undefined && end.status === 'rejected') throw end.reason
  await killed
}

async function count(posthorn: Posthorn, sent: Map<string, Sent>, kills: number): Promise<Count> {
  const listed = await listAll(posthorn)
  const found = Map.groupBy(listed, message => message.subject)
  const answered = answeredOf(sent)
  const unanswered = [...sent].filter(([, { answer }]) => answer === undefined)
  const altered: string[] = []
  for (const { id, subject } of listed)
    if (sha256(await bodyOf(posthorn, id)) !== sent.get(subject)?.sha) altered.push(subject)

  const reply = await get(posthorn, '/api/v1/inboxes/1')
  const inbox = (await reply.json()) as Record<string, unknown>
  const rows = {
    emails_count: listed.length,
    emails_unread_count: listed.filter(message => !message.is_read).length,
  }
  return {
    kills,
    answered: answered.length,
    unanswered: unanswered.length,
    keptUnanswered: unanswered.filter(([name]) => found.has(name)).length,
    lost: answered.filter(([name]) => !found.has(name)).map(([name]) => name),
    twice: [...found].filter(([, messages]) => messages.length > 1).map(([name]) => name),
    altered,
    refused: [...sent.values()].flatMap(({ answer }) => (answer?.startsWith('2') === false ? [answer] : [])),
    spooled: readdirSync(join(posthorn.dataDir, 'spool')),
    miscounted: Object.entries(rows)
      .filter(([counter, number]) => inbox[counter] !== number)
      .map(([counter, number]) => `${counter} is ${String(inbox[counter])}, not ${number}`),
  }
}

function answeredOf(sent: Map<string, Sent>): [string, Sent][] {
  return [...sent].filter(([, { answer }]) => answer?.startsWith('250'))
}
