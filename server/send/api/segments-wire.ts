import type { Segment } from '../segments/segments.ts'
import type { Reach } from '../segments/segment-reach.ts'
import type { Subscriber } from '../audience/subscribers.ts'

// The shapes of segments as they leave this folder: the web app imports its types from here.

export interface SegmentWire {
  id: number
  name: string
  /** Groups of conditions (see segment-definition.ts). */
  definition: Segment['definition']
  created_at: string
  updated_at: string
}

export type ReachWire = Reach

/** Whom it holds, some of them by name. */
export interface SegmentPreviewWire extends ReachWire {
  /** The first ten. */
  subscribers: PersonWire[]
}

export interface PersonWire {
  id: number
  email: string
  first_name: string | null
  last_name: string | null
  status: Subscriber['status']
}

export function segmentWire({ id, name, definition, created_at, updated_at }: Segment): SegmentWire {
  return {
    id,
    name,
    definition,
    created_at: new Date(created_at).toISOString(),
    updated_at: new Date(updated_at).toISOString(),
  }
}

export function personWire({ id, email, first_name, last_name, status }: Subscriber): PersonWire {
  return { id, email, first_name, last_name, status }
}
