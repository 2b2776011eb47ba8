import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createGuard } from '../../guard.ts'
import { openWayOut, type WayOutTools } from './open-way-out.ts'
import type { Answer, Gate } from './way-out.ts'

const open: Gate = () => Promise.resolve(true)
const shut: Gate = () => Promise.resolve(false)

function toolsIn(
  dataDir: string,
  deliver: WayOutTools['deliver'] = () => Promise.resolve(null),
): WayOutTools {
  return { guard: createGuard('deny'), dataDir, deliver, heloName: 'x.test', timeoutScale: 1 }
}

const mail = (forwardPath: string, idempotencyKey = 'c1-d2') => ({
  reversePath: 'a@x.test',
  forwardPath,
  idempotencyKey,
  bytes: Buffer.from('Subject: x\r\n\r\n.\r\n'),
  parts: undefined,
})

test('files: whole or not at all, and nowhere but in their folder', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'posthorn-outbox-'))
  const way = openWayOut({ id: 7, typeId: 9, settings: {} }, toolsIn(dataDir))
  expect(await way.send(mail('ann@example.com'), open)).toMatchObject({ is: 'sent' })
  expect(await way.send(mail('../../../../etc/x/.\0@y', '../../k'), open)).toMatchObject({ is: 'sent' })
  expect(await way.send(mail('late@example.com'), shut)).toEqual({ is: 'stopped' })
  const service = join(dataDir, 'outbox', '7')
  const [day = ''] = readdirSync(service)
  const files = readdirSync(join(service, day)).toSorted()
  expect([readdirSync(dataDir), files]).toEqual([
    ['outbox'],
    ['__.._.._.._etc_x_._@y-__.._k.eml', 'ann@example.com-c1-d2.eml'],
  ])
  for (const file of files)
    expect(readFileSync(join(service, day, file), 'utf8')).toBe('Subject: x\r\n\r\n.\r\n')
  // A folder cannot be made below a file.
  const blocked = join(dataDir, 'file')
  writeFileSync(blocked, '')
  const broken = openWayOut({ id: 7, typeId: 9, settings: {} }, toolsIn(blocked))
  expect(await broken.send(mail('ann@example.com'), open)).toMatchObject({ is: 'deferred', scope: 'service' })
})

test('inboxes: kept, refused, full, or nobody knows', async () => {
  const given: unknown[] = []
  let answer: Answer | null | Error = null
  const way = openWayOut(
    { id: 7, typeId: 8, settings: { inbox_id: 3 } },
    toolsIn('', (inboxId, { forwardPath }) => {
      given.push([inboxId, forwardPath])
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
    }),
  )
  const handed = async (gate = open) => {
    const outcome = await way.send(mail('ann@example.com'), gate)
    return outcome.is === 'deferred' ? outcome.scope : outcome.is
  }
  const saying = async (said: typeof answer) => {
    answer = said
    return handed()
  }
  expect(await handed(shut)).toBe('stopped')
  expect(given).toEqual([])
  expect([
    await saying(null),
    await saying({ code: 550, enhanced: '5.1.1', text: 'gone' }),
    await saying({ code: 452, enhanced: '4.2.2', text: 'full' }),
    await saying(new Error('the other thread has ended')),
  ]).toEqual(['sent', 'refused', 'mail', 'ambiguous'])
  expect(given[0]).toEqual([3, 'ann@example.com'])
})
