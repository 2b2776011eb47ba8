import type { Selectable } from 'kysely'
import { insertRows } from '../../storage/bulk.ts'
import type { Database, Tables } from '../../storage/schema.ts'
import type { FieldValues } from './subscribers.ts'

type Stored = Selectable<Tables['subscriber_events']>

/** What can happen to a person, with what is remembered of it. */
export interface EventDetails {
  /** Old and new value by field; custom fields by key. */
  changed: { changes: Record<string, [unknown, unknown]> }
  tagged: { tags: string[] }
  untagged: { tags: string[] }
  status: {
    from: Tables['subscribers']['status']
    to: Tables['subscribers']['status']
    reason: string | null
  }
  note: { text: string }
  /** They were here already, and the file changed them. */
  imported: { import_id: number; name: string; changes?: Record<string, [unknown, unknown]> }
  signed_up: SignedUp
  confirmation_sent: Record<string, never>
  /** `sign_up` is the id of the event that was confirmed. */
  confirmed: { form: string; address: string; sign_up: number }
  preferences_changed: { changes: Record<string, [unknown, unknown]> }
}

/** What a person, or somebody in their name, wanted: it counts once they confirm. */
export interface SignedUp {
  form: string
  form_id: number
  /** The text of the box they ticked, as it was then. */
  consent?: string
  /** Of the machine they came from. */
  address: string
  /** In which language. */
  locale: string
  answers: { first_name?: string; last_name?: string; fields?: FieldValues }
  /** They were subscribed, and were mailed where to change what is known of them. */
  mailed?: 'preferences'
}

export type EventKind = keyof EventDetails

type NewEvent = {
  [K in EventKind]: {
    subscriber_id: number
    kind: K
    detail: EventDetails[K]
    /** Null: they themselves, or a program. */
    user_id: number | null
    at: number
  }
}[EventKind]

export interface SubscriberEvent extends Omit<Stored, 'detail' | 'kind'> {
  kind: EventKind
  detail: EventDetails[EventKind]
}

export async function recordEvents(trx: Database, events: readonly NewEvent[]): Promise<void> {
  await insertRows(
    trx,
    'subscriber_events',
    events.map(({ subscriber_id, kind, detail, user_id, at }) => ({
      subscriber_id,
      kind,
      detail: JSON.stringify(detail),
      user_id,
      at,
    })),
  )
}

/**
 * Newest first.
 * @param page `before`: only ids below this one
 */
export async function eventsOf(
  db: Database,
  subscriberId: number,
  { before, limit }: { before?: number | undefined; limit: number },
): Promise<SubscriberEvent[]> {
  let query = db
    .selectFrom('subscriber_events')
    .selectAll()
    .where('subscriber_id', '=', subscriberId)
    .orderBy('id', 'desc')
    .limit(limit)
  if (before !== undefined) query = query.where('id', '<', before)
  return (await query.execute()).map(row => ({ ...row, ...read(row) }))
}

function read({ kind, detail }: Stored): Pick<SubscriberEvent, 'kind' | 'detail'> {
  return { kind: kind as EventKind, detail: JSON.parse(detail) }
}
