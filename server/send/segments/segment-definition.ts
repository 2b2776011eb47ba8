/**
 * Whom a segment holds: groups of conditions, as people put them together and programs send them. A group
 * without conditions holds everybody.
 */
export interface SegmentGroup {
  match: 'all' | 'any'
  /** Everybody else instead. */
  not?: true
  conditions: (SegmentCondition | SegmentGroup)[]
}

export type Value = string | number | (string | number)[]

export type SegmentCondition =
  | { on: 'field'; key: string; is: string; value?: Value }
  | { on: 'email' | 'domain' | 'first_name' | 'last_name'; is: string; value?: Value }
  | { on: 'created_at' | 'status_at'; is: string; value?: Value }
  | { on: 'status' | 'source'; is: 'one_of' | 'none_of'; value: string[] }
  | { on: 'tag'; is: 'has_any' | 'has_all' | 'has_none'; value: number[] }
  | ({ on: 'activity'; is: ActivityTest } & Span)

type ActivityTest = (typeof ACTIVITY_TESTS)[number]

/** The latest campaigns, the latest days, or everything there ever was. */
export type Span = { last: number } | { days: number } | { ever: true }

export const ACTIVITY_TESTS = [
  'received_any',
  'received_none',
  'opened_any',
  'opened_all',
  'opened_none',
  'clicked_any',
  'clicked_all',
  'clicked_none',
] as const
