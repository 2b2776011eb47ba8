import { connect, type Socket } from 'node:net'
import { afterEach, expect, it, vi } from 'vitest'
import { createLog } from '../log.ts'
import { Live } from './live.ts'
import { Metrics } from './metrics.ts'
import { createHttpServer, type HttpServer } from './server.ts'

const cleanUps: (() => unknown)[] = []

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp()
})

async function serve(live: Live, welcome = () => true): Promise<{ port: number; server: HttpServer }> {
  const server = createHttpServer({
    log: createLog({ level: 'silent', human: false, write: () => {} }),
    metrics: new Metrics(),
    maxBodySize: 1000,
    trustedProxies: [],
  })
  server.app.get('/live/:workspace/:user', (request, reply) => {
    const { workspace, user } = request.params as Record<string, string>
    live.open(
      reply,
      { workspaceId: Number(workspace), userId: Number(user), session: `s${user}` },
      async () => welcome(),
    )
  })
  server.onClosing(() => live.close())
  cleanUps.push(() => server.close(0))
  return { port: await server.listen('127.0.0.1', 0), server }
}

/** A browser that reads; `heard` grows. */
async function listen(port: number, path: string): Promise<{ heard: string; ended: Promise<void> }> {
  const aborting = new AbortController()
  cleanUps.push(() => aborting.abort())
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { signal: aborting.signal })
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  const reading = { heard: '', ended: Promise.resolve() }
  reading.ended = (async () => {
    const decoder = new TextDecoder()
    try {
      for await (const chunk of response.body ?? []) reading.heard += decoder.decode(chunk, { stream: true })
    } catch {
      // Cut off.
    }
  })()
  return reading
}

const count = (text: string, part: string) => text.split(part).length - 1

it('tells those it is for', async () => {
  const live = new Live()
  const { port } = await serve(live)
  const one = await listen(port, '/live/1/10')
  const other = await listen(port, '/live/2/20')
  live.tell({ workspaceId: 1 }, 'projects', {})
  live.tell({ userId: 20 }, 'session', { a: 'line\nbreak' })
  await vi.waitFor(() => {
    expect(one.heard).toBe('retry: 1000\n: hello\n\nevent: projects\ndata: {}\n\n')
    expect(other.heard).toBe('retry: 1000\n: hello\n\nevent: session\ndata: {"a":"line\\nbreak"}\n\n')
  })
})

it('drops a client that does not read, and keeps serving the others', async () => {
  const live = new Live()
  const { port } = await serve(live)
  const one = await listen(port, '/live/1/10')
  const deaf: Socket = connect(port, '127.0.0.1')
  cleanUps.push(() => deaf.destroy())
  deaf.pause()
  deaf.write('GET /live/1/11 HTTP/1.1\r\nHost: x\r\n\r\n')
  await vi.waitFor(() => expect(live.clients).toBe(2))
  const large = 'x'.repeat(20_000)
  // The kernel holds a few megabytes for the deaf one before anything has to wait here.
  for (let told = 0; live.clients === 2 && told < 2000; told++) {
    live.tell({ workspaceId: 1 }, 'inbox', { large })
    await new Promise(resolve => setImmediate(resolve))
  }
  expect(live.clients).toBe(1)
  live.tell({ workspaceId: 1 }, 'last', {})
  await vi.waitFor(() => expect(one.heard).toContain('event: last'))
})

it('beats, and ends the stream of whoever is not welcome any more', async () => {
  const live = new Live({ heartbeatMs: 20 })
  let welcome = true
  const { port } = await serve(live, () => welcome)
  const one = await listen(port, '/live/1/10')
  await vi.waitFor(() => expect(count(one.heard, ': still here')).toBeGreaterThan(1))
  welcome = false
  await one.ended
  expect(live.clients).toBe(0)
})

it('ends the streams of a session that signed out', async () => {
  const live = new Live()
  const { port } = await serve(live)
  const one = await listen(port, '/live/1/10')
  const other = await listen(port, '/live/1/20')
  live.drop({ session: 's10' })
  await one.ended
  live.tell({}, 'projects', {})
  await vi.waitFor(() => expect(other.heard).toContain('event: projects'))
})

it('refuses more than it can carry, and closes all at shutdown', async () => {
  const live = new Live({ maxClients: 1 })
  const { port, server } = await serve(live)
  const one = await listen(port, '/live/1/10')
  expect((await fetch(`http://127.0.0.1:${port}/live/1/11`)).status).toBe(503)
  expect((await fetch(`http://127.0.0.1:${port}/live/1/11`, { method: 'HEAD' })).status).toBe(503)
  await Promise.all([server.close(60_000), one.ended])
  expect(live.clients).toBe(0)
})
