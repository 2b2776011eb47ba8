import { sql } from 'kysely'
import { domainOf } from '../../storage/address-domain.ts'
import type { Storage } from '../../storage/database.ts'
import { wholeLedger } from './whole-ledger.ts'

export interface DomainCounts {
  /** Lower case; `others` are all that have no line of their own. */
  domain: string
  sent: number
  delivered: number
  opened: number
  clicked: number
  bounced: number
  complained: number
  /** Tried, and to be tried again. */
  deferred: number
}

export interface ByDomain {
  domains: DomainCounts[]
  /** Recipients whose mail was opened or clicked by a person, a machine, or both. */
  openedByAny: number
  clickedByAny: number
}

const LINES = 50

/** Bits of what is known of a delivery. */
const FLAGS = {
  sent: `status = 'sent'`,
  delivered: 'delivered_at is not null',
  opened: 'opened_at is not null',
  clicked: 'clicked_at is not null',
  bounced: 'bounced_at is not null',
  complained: 'complained_at is not null',
  deferred: `status = 'pending' and attempts > 0`,
  any_opened: 'opened_at is not null or machine_opened_at is not null',
  any_clicked: 'clicked_at is not null or machine_clicked_at is not null',
} as const
type Flag = keyof typeof FLAGS

/**
 * One walk over the ledger, by the addresses as they were when it was written. Its rows are sorted by domain, so each is
 * made as small as can be first: of a million that takes a third off.
 */
export async function countByDomain(
  { read, survey }: Pick<Storage, 'read' | 'survey'>,
  campaignId: number,
): Promise<ByDomain> {
  const names = Object.keys(FLAGS) as Flag[]
  const flags = names.map((name, bit) => `case when ${FLAGS[name]} then ${1 << bit} else 0 end`).join(' + ')
  const sums = names.map((name, bit) => `sum((flags >> ${bit}) & 1) as ${name}`).join()
  const totals = names.map(name => `sum(${name})`).join()
  const { rows } = await sql<{ domain: string | null } & Record<Flag, number | null>>`
    with flagged as materialized (
      select ${domainOf(survey, 'email')} as domain, ${sql.raw(flags)} as flags
      from deliveries where ${await wholeLedger(read, campaignId)}
    ), counted as materialized (
      select domain, ${sql.raw(sums)} from flagged group by domain
    )
    select * from (select * from counted order by sent desc, domain limit ${LINES}) as greatest
    union all select null, ${sql.raw(totals)} from counted`.execute(survey)
  const counted = (row: (typeof rows)[number] | undefined, name: Flag) => Number(row?.[name] ?? 0)
  const total = rows.find(({ domain }) => domain === null)
  const greatest = rows.filter(({ domain }) => domain !== null)
  const line = (domain: string, count: (name: Flag) => number): DomainCounts => ({
    domain,
    sent: count('sent'),
    delivered: count('delivered'),
    opened: count('opened'),
    clicked: count('clicked'),
    bounced: count('bounced'),
    complained: count('complained'),
    deferred: count('deferred'),
  })
  const domains = greatest.map(row => line(row.domain ?? '', name => counted(row, name)))
  const others = line('others', name =>
    greatest.reduce((left, row) => left - counted(row, name), counted(total, name)),
  )
  if (greatest.length === LINES && Object.values(others).some(value => Number(value) > 0))
    domains.push(others)
  return {
    domains,
    openedByAny: counted(total, 'any_opened'),
    clickedByAny: counted(total, 'any_clicked'),
  }
}
