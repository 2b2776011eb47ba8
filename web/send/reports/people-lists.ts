import type { Totals } from '../../../server/send/api/campaigns-wire.ts'
import type { DeliveryFilterStatus } from '../../calls/deliveries.ts'

interface PeopleList {
  list: string
  title: string
  status: DeliveryFilterStatus | undefined
  total: (totals: Totals) => number
  /** What it says when nobody is in it. */
  nobody: string
}

/** The people behind the numbers of a report, by the name of their list in its address. */
export const PEOPLE_LISTS = [
  {
    list: 'recipients',
    title: 'Recipients',
    status: undefined,
    total: totals => totals.total,
    nobody: 'The list of recipients is made when the campaign begins.',
  },
  {
    list: 'opens',
    title: 'Opens',
    status: 'opened',
    total: totals => totals.opened,
    nobody: 'No person has opened it yet. Privacy proxies and scanners do not count here.',
  },
  {
    list: 'clicks',
    title: 'Clicks',
    status: 'clicked',
    total: totals => totals.clicked,
    nobody: 'No person has clicked a link yet.',
  },
  {
    list: 'bounces',
    title: 'Bounces',
    status: 'bounced',
    total: totals => totals.bounced,
    nobody: 'No mail came back.',
  },
  {
    list: 'unsubscribes',
    title: 'Unsubscribes',
    status: 'unsubscribed',
    total: totals => totals.unsubscribed,
    nobody: 'Nobody has unsubscribed from it.',
  },
] as const satisfies readonly PeopleList[]
