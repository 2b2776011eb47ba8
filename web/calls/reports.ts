import { queryOptions } from '@tanstack/react-query'
import type {
  ClickMapWire,
  DashboardWire,
  OverTimeKind,
  OverTimeWire,
  ReportWire,
} from '../../server/send/api/reports-wire.ts'
import { call } from './http.ts'

export type { DashboardWire, OverTimeKind, OverTimeWire, ReportWire }

/** While mail is leaving. */
const LOOK_EVERY_MS = 2000
/** Afterwards: what comes back comes for days. */
const LOOK_NOW_AND_THEN_MS = 30_000

const MOVING = new Set(['queued', 'freezing', 'sending'])

export function isMoving(status: string | undefined): boolean {
  return status !== undefined && MOVING.has(status)
}

const path = (id: number) => `/api/posthorn/campaigns/${id}`

export const reportQuery = (id: number) =>
  queryOptions({
    queryKey: ['report', id],
    queryFn: ({ signal }) => call<ReportWire>(`${path(id)}/report`, { signal }),
    staleTime: 0,
    refetchInterval: query =>
      isMoving(query.state.data?.campaign.status) ? LOOK_EVERY_MS : LOOK_NOW_AND_THEN_MS,
  })

export type Hours = '12' | '24' | '48' | 'all'

export const overTimeQuery = (id: number, kind: OverTimeKind, hours: Hours, live: boolean) =>
  queryOptions({
    queryKey: ['report over time', id, kind, hours],
    queryFn: ({ signal }) =>
      call<OverTimeWire>(`${path(id)}/report/over-time?kind=${kind}&hours=${hours}`, { signal }),
    staleTime: 5_000,
    refetchInterval: live ? 5_000 : LOOK_NOW_AND_THEN_MS,
  })

export const clickMapQuery = (id: number) =>
  queryOptions({
    queryKey: ['click map', id],
    queryFn: ({ signal }) => call<ClickMapWire>(`${path(id)}/click-map`, { signal }),
    staleTime: 60_000,
  })

/** Where the file is fetched from; the browser writes it to disk as it comes. */
export function reportCsvPath(id: number): string {
  return `${path(id)}/report.csv`
}

export const dashboardQuery = queryOptions({
  queryKey: ['dashboard'],
  queryFn: ({ signal }) => call<DashboardWire>('/api/posthorn/dashboard', { signal }),
  staleTime: 0,
  refetchInterval: query =>
    query.state.data?.running.some(({ status }) => isMoving(status)) ? LOOK_EVERY_MS : LOOK_NOW_AND_THEN_MS,
})
