import type { SegmentDefinition } from '../../calls/segments.ts'

/** What people ask for first. */
export const STARTERS: readonly { label: string; conditions: SegmentDefinition['conditions'] }[] = [
  { label: 'Opened any of the last 3', conditions: [{ on: 'activity', is: 'opened_any', last: 3 }] },
  { label: 'Never clicked', conditions: [{ on: 'activity', is: 'clicked_none', ever: true }] },
  { label: 'Added in the last 30 days', conditions: [{ on: 'created_at', is: 'in_last_days', value: 30 }] },
  {
    label: 'Gone quiet',
    conditions: [
      { on: 'activity', is: 'received_any', days: 90 },
      { on: 'activity', is: 'opened_none', days: 90 },
    ],
  },
]
