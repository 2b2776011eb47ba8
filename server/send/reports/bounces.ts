import { sql } from 'kysely'
import type { Storage } from '../../storage/database.ts'
import { jsonText } from '../../storage/json-keys.ts'
import { statusIn } from '../feedback/bounce-rules.ts'
import { bounceReason } from './bounce-reasons.ts'

export interface BounceCount {
  reason: string
  /** `soft`: for now; the mail may have arrived later. */
  kind: 'hard' | 'soft'
  /** Recipients. */
  count: number
}

interface Row {
  permanent: unknown
  status: string | null
  /** Where the status says too little. */
  text: string | null
  count: number
}

/** Of the texts, which may have the name of the mail in them and then are all different. */
const MOST_TEXT = 200

/**
 * Why mails came back or were not taken for a while, most frequent first. What was said of a mail last counts, once for
 * those that bounced and once for those that were deferred.
 */
export async function bouncesOf(
  { survey }: Pick<Storage, 'survey'>,
  campaignId: number,
): Promise<BounceCount[]> {
  const told = (key: string) => jsonText(survey, 'detail', key)
  const status = sql`coalesce(${told('enhanced')}, ${told('status')})`
  const text = sql`substr(coalesce(${told('text')}, ${told('diagnostic')}), 1, ${sql.lit(MOST_TEXT)})`
  const { rows } = await sql<Row>`
    select ${told('permanent')} as permanent, ${status} as status,
      case when ${status} is null or ${status} like '%.0.0' then ${text} end as text, count(*) as count
    from delivery_events where id in (
      select max(id) from delivery_events
      where campaign_id = ${campaignId} and kind in ('bounced', 'deferred') group by delivery_id, kind
    ) group by 1, 2, 3`.execute(survey)
  const counts = new Map<string, BounceCount>()
  for (const { permanent, status: code, text: said, count } of rows) {
    const reason = bounceReason(said === null ? code : (statusIn(said) ?? code))
    // In one engine a JSON true is a word, in the other a number.
    const kind = String(permanent) === 'true' || String(permanent) === '1' ? 'hard' : 'soft'
    const sum = (counts.get(`${kind} ${reason}`)?.count ?? 0) + Number(count)
    counts.set(`${kind} ${reason}`, { reason, kind, count: sum })
  }
  return [...counts.values()].toSorted((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1))
}
