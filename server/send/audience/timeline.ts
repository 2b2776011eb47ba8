import { sql } from 'kysely'
import type { Database } from '../../storage/schema.ts'
import type { Subscriber } from './subscribers.ts'

/** Something that happened to a person: remembered as an event, told by a delivery, or that they came at all. */
export interface Happening {
  /** 0 is their coming. */
  id: number
  kind: string
  at: number
  detail: Record<string, unknown>
  user: { id: number; name: string } | null
}

/** Of several at the same moment the later source comes first: what was opened was sent before. */
export type Moment = readonly [at: number, source: number, id: number]

interface Row {
  id: number
  source: number
  kind: string
  at: number
  detail: string | null
  user_id: number | null
  user_name: string | null
  campaign_id: number | null
  campaign_name: string | null
}

/**
 * Newest first; that they came stands at the end, whatever else is older.
 * @returns `next` is where the page after this one begins; null: this is the last
 */
export async function timelineOf(
  db: Database,
  subscriber: Subscriber,
  { before, limit }: { before?: Moment | undefined; limit: number },
): Promise<{ happenings: Happening[]; next: Moment | null }> {
  const earlier =
    before === undefined ? sql`` : sql`where (at, source, id) < (${before[0]}, ${before[1]}, ${before[2]})`
  const delivered = (source: number, kind: string, at: string) => sql`
    select id, ${sql.lit(source)} as source, ${sql.lit(kind)} as kind, ${sql.ref(at)} as at,
      null as detail, null as user_id, campaign_id
    from deliveries where subscriber_id = ${subscriber.id} and ${sql.ref(at)} is not null`
  const { rows } = await sql<Row>`
    select happened.*, users.name as user_name, campaigns.name as campaign_name from (
      select * from (
        select id, 0 as source, kind, at, detail, user_id, cast(null as bigint) as campaign_id
        from subscriber_events where subscriber_id = ${subscriber.id}
        union all ${delivered(1, 'sent', 'sent_at')}
        union all ${delivered(2, 'opened', 'opened_at')}
        union all ${delivered(3, 'clicked', 'clicked_at')}
      ) as everything ${earlier}
      order by at desc, source desc, id desc limit ${limit + 1}
    ) as happened
    left join users on users.id = happened.user_id
    left join campaigns on campaigns.id = happened.campaign_id
    order by happened.at desc, happened.source desc, happened.id desc
  `.execute(db)
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const happenings = shown.map(happening)
  if (rows.length > limit && last !== undefined) return { happenings, next: [last.at, last.source, last.id] }
  return { happenings: [...happenings, coming(subscriber)], next: null }
}

function happening({ id, kind, at, detail, user_id, user_name, campaign_id, campaign_name }: Row): Happening {
  return {
    id,
    kind,
    at,
    detail:
      campaign_id === null
        ? (JSON.parse(detail ?? '{}') as Record<string, unknown>)
        : { campaign: { id: campaign_id, name: campaign_name } },
    user: user_id === null ? null : { id: user_id, name: user_name ?? '' },
  }
}

function coming({ source, import_id, created_at }: Subscriber): Happening {
  const detail = import_id === null ? { source } : { source, import_id }
  return { id: 0, kind: 'added', at: created_at, detail, user: null }
}
