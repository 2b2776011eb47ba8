import { expect, it } from 'vitest'
import { createLog } from '../../log.ts'
import { StorageFault } from '../../storage/faults.ts'
import { EventBuffer, type TrackedEvent } from './event-buffer.ts'

const event = (deliveryId: number): TrackedEvent => ({
  deliveryId,
  kind: 'opened',
  at: 0,
  number: 0,
  url: null,
  method: 'GET',
  agent: `\0${'x'.repeat(5_000)}`,
  ip: '203.0.113.7',
  isPrefetch: false,
})

it('keeps what a storage in trouble does not take, in order and within bounds, and drops what it never will', async () => {
  let logged = ''
  const log = createLog({ level: 'warn', human: false, write: line => (logged += line) })
  const faults: (StorageFault | undefined)[] = []
  const kept: TrackedEvent[] = []
  const perform = async <O>(_operation: string, portion: unknown): Promise<O> => {
    const fault = faults.shift()
    if (fault !== undefined) throw fault
    kept.push(...(portion as TrackedEvent[]))
    return undefined as O
  }
  const buffer = new EventBuffer({ perform }, log)
  faults.push(undefined, new StorageFault('full', 'the disk is full', 'SQLITE_FULL'))
  for (let id = 0; id < 60_000; id++) buffer.add(event(id))
  await buffer.flush()
  expect(kept).toHaveLength(500)
  expect(logged).toContain('"count":10000')
  faults.push(new StorageFault('bug', 'no such column', 'SQLITE_ERROR'))
  await Promise.all([buffer.flush(), buffer.flush()])
  await buffer.close()
  const ids = kept.map(({ deliveryId }) => deliveryId)
  expect(ids).toEqual([...Array(50_000).keys()].filter(id => id < 500 || id >= 1_000))
  expect(kept[0]?.agent).toBe('x'.repeat(299))
})
