import type { FastifyInstance } from 'fastify'
import { sayJson } from '../../http/json.ts'
import { optional, ref } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import type { ReachedInbox } from '../access.ts'
import { countedThisMonth, findInbox, type InboxChanges } from '../inboxes.ts'
import { trimToLimits } from '../retention.ts'
import { inboxSettingsChanges } from './components.ts'
import { foundInbox } from './found.ts'
import { type Faults, nameAndAlias, saveInbox } from './inbox-changes.ts'
import type { Sandbox } from './sandbox.ts'
import type { InboxSettings } from './wire.ts'

const MOST_MESSAGES = 1_000_000_000
const LEAST_MESSAGE_SIZE = 1_024
const MOST_PER_WINDOW = 1_000_000
const LONGEST_WINDOW = 86_400
const MOST_DAYS = 3_650

/** The settings of an inbox. What no limit allows any more is deleted before the answer. */
export function inboxSettings(app: FastifyInstance, sandbox: Sandbox): void {
  const { storage, changed } = sandbox
  const reply = ref('InboxSettings')

  app.get(
    '/inboxes/:id/settings',
    { config: { doc: { summary: 'What can be set for an inbox', reply } } },
    async (request, answer) =>
      sayJson(request, answer, settingsWire(sandbox, await foundInbox(sandbox, request, 'see'))),
  )

  app.patch(
    '/inboxes/:id/settings',
    {
      config: {
        doc: { summary: 'Change settings of an inbox', body: optional(inboxSettingsChanges), reply },
      },
    },
    async (request, answer) => {
      const inbox = await foundInbox(sandbox, request, 'manage_inbox')
      const wanted = (request.body ?? {}) as Record<string, unknown>
      const faults: Faults = {}
      const changes = {
        ...nameAndAlias(inbox, wanted, faults),
        ...switches(wanted, faults),
        ...limits(wanted, inbox, sandbox.inboxLimits.maxMessageSize, faults),
      }
      const saved = await saveInbox(sandbox, inbox, changes, faults)
      if (saved.max_size !== inbox.max_size || saved.retention_days !== inbox.retention_days) {
        await trimToLimits(storage.write, inbox.id, Date.now())
        changed()
      }
      const now = await findInbox(storage.read, inbox.id)
      if (now === undefined) throw new Problem('absent')
      return answer.send(settingsWire(sandbox, { ...saved, ...now }))
    },
  )
}

function switches(wanted: Record<string, unknown>, faults: Faults): InboxChanges {
  const { status, email_username_enabled: enabled } = wanted
  const changes: InboxChanges = {}
  if (status === 'active' || status === 'inactive') changes.status = status
  else if (status !== undefined) faults.status = ['must be active or inactive']
  if (typeof enabled === 'boolean') changes.email_username_enabled = enabled ? 1 : 0
  else if (enabled !== undefined) faults.email_username_enabled = ['must be true or false']
  return changes
}

function limits(
  wanted: Record<string, unknown>,
  inbox: ReachedInbox,
  serverMessageSize: number,
  faults: Faults,
): InboxChanges {
  const { max_size, max_message_size, retention_days, rate } = wanted
  const changes: InboxChanges = {}
  if (isWhole(max_size, 0, MOST_MESSAGES)) changes.max_size = max_size
  else if (max_size !== undefined)
    faults.max_size = [`must be a whole number up to ${MOST_MESSAGES}, 0 for no limit`]

  // The server's limit may have been lowered since: what is there may stay.
  if (isWhole(max_message_size, LEAST_MESSAGE_SIZE, serverMessageSize))
    changes.max_message_size = max_message_size
  else if (max_message_size !== undefined && max_message_size !== inbox.max_message_size)
    faults.max_message_size = [`must be from ${LEAST_MESSAGE_SIZE} to ${serverMessageSize} bytes`]

  if (retention_days === null || isWhole(retention_days, 1, MOST_DAYS))
    changes.retention_days = retention_days
  else if (retention_days !== undefined)
    faults.retention_days = [`must be from 1 to ${MOST_DAYS} days, or null for no limit`]

  const { count, seconds } = (rate ?? {}) as { count?: unknown; seconds?: unknown }
  if (rate === null) Object.assign(changes, { rate_count: null, rate_seconds: null })
  else if (isWhole(count, 1, MOST_PER_WINDOW) && isWhole(seconds, 1, LONGEST_WINDOW))
    Object.assign(changes, { rate_count: count, rate_seconds: seconds })
  else if (rate !== undefined)
    faults.rate = [`must be from 1 to ${MOST_PER_WINDOW} messages in 1 to ${LONGEST_WINDOW} seconds, or null`]
  return changes
}

function isWhole(value: unknown, least: number, most: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most
}

function settingsWire(
  { advertised, inboxLimits, smtpRateLimit }: Pick<Sandbox, 'advertised' | 'inboxLimits' | 'smtpRateLimit'>,
  inbox: ReachedInbox,
): InboxSettings {
  const { rate_count: count, rate_seconds: seconds } = inbox
  return {
    id: inbox.id,
    project_id: inbox.project_id,
    name: inbox.name,
    status: inbox.status,
    email_username: inbox.email_username,
    email_domain: advertised.sandboxDomain,
    email_username_enabled: inbox.email_username_enabled === 1,
    max_size: inbox.max_size,
    max_message_size: inbox.max_message_size,
    rate: count === null || seconds === null ? null : { count, seconds },
    retention_days: inbox.retention_days,
    server: { max_message_size: inboxLimits.maxMessageSize, rate: smtpRateLimit ?? null },
    emails_count: inbox.emails_count,
    sent_messages_count: countedThisMonth(inbox, Date.now()).sent,
    role: inbox.role,
  }
}
