import { parentPort, workerData } from 'node:worker_threads'
import { createGuard } from '../../guard.ts'
import type { Claimed } from '../deliveries/ledger.ts'
import { renderLetter } from '../mails/letter.ts'
import type { ProgramSetting } from '../mails/program.ts'
import { Renderer } from '../mails/renderer.ts'
import { openWayOut } from '../ways-out/open-way-out.ts'
import type { Answer, Gate, WayOut } from '../ways-out/way-out.ts'
import { HandOverJournal } from './hand-over-journal.ts'
import { type Job, ServiceLine } from './service-line.ts'
import type { Ended, FromThread, SendingThreadData, ServiceOrder, ToThread } from './thread-messages.ts'

/**
 * The thread that sends: it writes the mails, hands them over, and tells what became of them. Rows come claimed and go
 * back ended; whatever the database has to know is the main thread's business.
 */
const port = parentPort
if (port === null) throw new Error('sending-thread.ts runs as a worker only')
const { node, folder, dataDir, privateTargets, heloName, scale, providersAt } =
  workerData as SendingThreadData

/** Of journal files: a megabyte is what a second's worth of mails writes. */
const TURN_AT = 8 << 20
const REPORT_ROWS = 250
const REPORT_MS = 5
/** How long it is remembered who must not be written to: longer than a claimed row lies here. */
const STOPPED_MS = 60 * 60_000

const guard = createGuard(privateTargets)
const journal = new HandOverJournal(folder, node)
const lines = new Map<number, { line: ServiceLine; key: string }>()
const renderers = new Map<number, { renderer: Renderer; subject: string }>()
/** By id, when by the main thread's clock: what was claimed before that is not handed over. */
const stoppedPeople = new Map<number, number>()
const stoppedCampaigns = new Map<number, number>()
const inboxAsks = new Map<number, (refusal: Answer | null) => void>()
let nextAsk = 1
let leaseUntil = performance.now() + 60_000
let closing = false
let newest = 0

/** Hand-overs that are about to begin, and endings that are not told yet: both wait for the end of this turn. */
let gates: { job: Job; open(may: boolean): void }[] = []
let ended: Ended[] = []
let report = 0
let timer: NodeJS.Timeout | undefined
let flushing = false

function mayGo({ campaignId, row, claimedAt }: Job): boolean {
  if (closing || performance.now() > leaseUntil) return false
  // Who left cannot be kept from mail that they asked for: a receipt, a new password.
  if (campaignId === null) return true
  const isLeft = (at: number | undefined) => at !== undefined && claimedAt <= at
  return (
    !isLeft(stoppedCampaigns.get(campaignId)) &&
    (row.subscriber_id === null || !isLeft(stoppedPeople.get(row.subscriber_id)))
  )
}

/** Everything of one turn of the event loop goes into the journal with one write, and only then do gates open. */
function flushSoon(): void {
  if (flushing) return
  flushing = true
  setImmediate(flush)
}

function flush(): void {
  flushing = false
  const waiting = gates
  gates = []
  const going = waiting.filter(({ job }) => mayGo(job))
  for (const { job } of going) journal.begun(job.row.id, job.row.attempts)
  let isWritten = true
  try {
    journal.write()
  } catch (error) {
    // Without the journal nothing may leave: after a crash nobody would know that it did.
    isWritten = false
    say({ is: 'trouble', message: `the hand-over journal cannot be written: ${reasonOf(error)}` })
  }
  for (const gate of waiting) gate.open(isWritten && going.includes(gate))
  if (ended.length > 0) tellSoon()
  if (journal.size <= TURN_AT) return
  tell()
  journal.turn(report)
}

/** Not at every turn: a report is a statement, and a sync of the disk. */
function tellSoon(): void {
  if (ended.length >= REPORT_ROWS) return tell()
  timer ??= setTimeout(tell, REPORT_MS)
}

function tell(): void {
  clearTimeout(timer)
  timer = undefined
  if (ended.length === 0) return
  say({ is: 'report', report: ++report, rows: ended })
  ended = []
}

function gateOf(job: Job): { gate: Gate; begun(): boolean } {
  let passed = false
  return {
    gate: () =>
      new Promise(resolve => {
        gates.push({
          job,
          open(may) {
            passed = may
            resolve(may)
          },
        })
        flushSoon()
      }),
    begun: () => passed,
  }
}

function lineOf(order: ServiceOrder): ServiceLine {
  const key = JSON.stringify(order)
  const known = lines.get(order.id)
  if (known?.key === key) return known.line
  // Its settings changed: what waits is given back, and comes again.
  known?.line.drop()
  if (known !== undefined) closeWhenIdle(known.line)
  const line = new ServiceLine(order, {
    wayOut: open(order),
    now: () => performance.now(),
    scale,
    mayGo,
    gateOf,
    ended(job, ending) {
      const { id, attempts, domain } = job.row
      if (ending.begun && ending.is !== 'stopped' && ending.is !== 'held' && ending.is !== 'unfit')
        journal.answered(id, attempts, {
          is: ending.is,
          answer: ending.answer,
          providerId: ending.providerId,
        })
      ended.push({
        id,
        attempts,
        domain,
        campaignId: job.campaignId,
        emailServiceId: order.id,
        at: Date.now(),
        ...ending,
      })
      flushSoon()
    },
  })
  lines.set(order.id, { line, key })
  return line
}

function closeWhenIdle(line: ServiceLine): void {
  const looking = setInterval(() => {
    if (line.size > 0) return
    clearInterval(looking)
    line.close()
  }, 1000)
  looking.unref()
}

function open({ id, workspaceId, typeId, settings }: ServiceOrder): WayOut {
  return openWayOut(
    { id, typeId, settings },
    {
      guard,
      dataDir,
      heloName,
      ...(providersAt && { providersAt }),
      timeoutScale: scale < 1 ? scale : 1,
      deliver: (inboxId, { reversePath, forwardPath, bytes }) =>
        new Promise(resolve => {
          const ask = nextAsk++
          inboxAsks.set(ask, resolve)
          say({ is: 'deliver', ask, workspaceId, inboxId, reversePath, forwardPath, bytes })
        }),
    },
  )
}

function jobsOf({ campaignId, rows, setting, claimedAt }: Extract<ToThread, { do: 'mails' }>): Job[] {
  if (campaignId === null) {
    const own = setting && restored(setting)
    return rows.map(row => ({
      row,
      campaignId,
      claimedAt,
      async render(takes) {
        if (own === undefined) throw new Error('no setting came with the mail')
        return renderLetter(row, own, takes)
      },
    }))
  }
  const known = renderers.get(campaignId)
  if (known === undefined) throw new Error(`no campaign ${campaignId} here`)
  return rows.map(row => ({
    row,
    campaignId,
    claimedAt,
    render: takes => written(known, row, takes),
  }))
}

async function written(
  { renderer, subject }: { renderer: Renderer; subject: string },
  row: Claimed,
  takes: WayOut['takes'],
): ReturnType<Job['render']> {
  const recipient = recipientOf(row)
  const mail = { forwardPath: row.email, bytes: Buffer.alloc(0), parts: undefined }
  const own = (merged: string) => (merged === subject ? null : merged)
  if (takes === 'parts') {
    const { parts, reversePath, messageId } = await renderer.parts(recipient)
    return { mail: { ...mail, parts, reversePath, idempotencyKey: messageId }, subject: own(parts.subject) }
  }
  const { bytes, reversePath, messageId, subject: merged } = await renderer.bytes(recipient)
  return { mail: { ...mail, bytes, reversePath, idempotencyKey: messageId }, subject: own(merged) }
}

function recipientOf({ id, email, first_name, last_name, fields }: Claimed) {
  return { delivery_id: id, email, first_name, last_name, fields: JSON.parse(fields ?? '{}') }
}

port.on('message', (message: ToThread) => {
  switch (message.do) {
    case 'service':
      lineOf(message.service)
      return
    case 'program':
      renderers.set(message.campaignId, {
        renderer: new Renderer(message.program, restored(message.setting)),
        subject: message.subject,
      })
      return
    case 'forget':
      renderers.delete(message.campaignId)
      return
    case 'mails': {
      const known = lines.get(message.emailServiceId)
      if (known === undefined) throw new Error(`no email service ${message.emailServiceId} here`)
      known.line.add(jobsOf(message))
      return
    }
    case 'stop': {
      newest = Math.max(newest, message.at)
      for (const id of message.subscriberIds) stoppedPeople.set(id, message.at)
      for (const id of message.campaignIds) stoppedCampaigns.set(id, message.at)
      for (const { line } of lines.values()) line.drop(job => !mayGo(job))
      // Gates that were opened before have been passed by now: what they let through began before this answer.
      say({ is: 'stopped', ask: message.ask })
      return
    }
    case 'hand over': {
      const { ask, service, mail } = message
      const wayOut = open(service)
      void wayOut
        .send({ ...mail, bytes: Buffer.from(mail.bytes) }, async () => true)
        .then(outcome => say({ is: 'handed over', ask, outcome }))
        .finally(() => wayOut.close())
      return
    }
    case 'lease':
      leaseUntil = performance.now() + message.ms
      return
    case 'settled':
      journal.settled(message.report)
      return
    case 'delivered':
      inboxAsks.get(message.ask)?.(message.refusal)
      inboxAsks.delete(message.ask)
      return
    case 'close':
      void close(message.graceMs)
      return
  }
})

/** What structured clone makes of a Buffer is an array of bytes. */
function restored(setting: ProgramSetting): ProgramSetting {
  return { ...setting, tokenKey: Buffer.from(setting.tokenKey) }
}

const sweep = setInterval(() => {
  for (const stopped of [stoppedPeople, stoppedCampaigns])
    for (const [id, at] of stopped) if (at < newest - STOPPED_MS) stopped.delete(id)
}, 60_000)

function underWay(): number {
  return [...lines.values()].reduce((sum, { line }) => sum + line.size, 0)
}

/** Begins nothing more, and waits for the answers to what was begun. */
async function close(graceMs: number): Promise<void> {
  closing = true
  clearInterval(sweep)
  for (const { line } of lines.values()) line.drop()
  const until = performance.now() + graceMs
  while (underWay() > 0 && performance.now() < until) await new Promise(resolve => setTimeout(resolve, 20))
  await new Promise(setImmediate)
  flush()
  tell()
  for (const { line } of lines.values()) line.close()
  journal.close()
  say({ is: 'closed' })
  port?.close()
}

function say(message: FromThread): void {
  port?.postMessage(message)
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

say({ is: 'ready' })
