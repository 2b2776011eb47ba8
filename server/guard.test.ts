import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createGuard, type GuardedRequest, NothingWritten, RefusedTarget } from './guard.ts'
import { KeptConnections } from './kept-connections.ts'

let server: Server
let base: string
const seen: { url: string; method: string; secret: string | undefined; body: string }[] = []
const FEW: GuardedRequest = { timeoutMs: 5_000, maxBytes: 1_000 }

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const { url = '', method = '', headers } = request
    seen.push({ url, method, secret: headers.authorization, body })
    const { port } = server.address() as AddressInfo
    if (url === '/long') return response.end('x'.repeat(2_000))
    if (url === '/never') return
    const to: Record<string, string> = {
      '/moved': '/here',
      '/loop': '/loop',
      '/metadata': 'http://169.254.169.254/latest/',
      '/other': `http://other.test:${port}/here`,
      '/file': 'file:///etc/passwd',
    }
    if (to[url] !== undefined) return response.writeHead(302, { location: to[url] }).end()
    response.end('here')
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

it('knows every spelling of what is not public', async () => {
  const guard = createGuard('deny', async () => [{ address: '192.168.1.1', family: 4 }])
  const isPublic = async (host: string) => {
    const url = new URL(`http://${host}/`)
    return guard.addressesOf(url.hostname).then(
      () => true,
      error => {
        expect(error).toBeInstanceOf(RefusedTarget)
        return false
      },
    )
  }
  const refused = [
    '127.0.0.1 127.1 0x7f000001 2130706433 017700000001 0.0.0.0 10.1.2.3 172.31.0.1 192.168.0.1 169.254.169.254',
    '100.100.100.200 192.0.0.192 168.63.129.16 224.0.0.1 255.255.255.255 [::1] [::] [::ffff:10.0.0.1]',
    '[::ffff:7f00:1] [64:ff9b::a9fe:a9fe] [fe80::1] [fd00:ec2::254] [ff02::1] [2002:7f00:1::] [2001:0:a::1]',
    '[2001:db8::1] rebound.test',
  ].flatMap(line => line.split(' '))
  for (const host of refused) expect([host, await isPublic(host)]).toEqual([host, false])
  for (const host of ['1.1.1.1', '172.32.0.1', '[2606:4700::1]', '[::ffff:1.1.1.1]', '[64:ff9b::101:101]'])
    expect([host, await isPublic(host)]).toEqual([host, true])
})

it('asks what the operator lets it ask, by host, address or network', async () => {
  await expect(createGuard('deny').fetch(base, FEW)).rejects.toThrow(/private address/)
  for (const targets of ['allow', ['127.0.0.1'], ['127.0.0.0/8']] as const)
    expect(String((await createGuard(targets).fetch(`${base}/here`, FEW)).body)).toBe('here')
  const named = createGuard(['intern.test'], async () => [{ address: '127.0.0.1', family: 4 }])
  const { port } = new URL(base)
  expect((await named.fetch(`http://intern.test:${port}/here`, FEW)).status).toBe(200)
  await expect(named.fetch(`http://else.test:${port}/here`, FEW)).rejects.toThrow(RefusedTarget)
})

it('checks each redirect, and takes nothing along to another origin', async () => {
  const guard = createGuard(['127.0.0.0/8', 'other.test'], async () => [{ address: '127.0.0.1', family: 4 }])
  const post = { ...FEW, method: 'POST', headers: { authorization: 'secret' }, body: 'a=b', redirects: 2 }
  expect((await guard.fetch(`${base}/moved`, { ...post, redirects: 0 })).status).toBe(302)
  seen.length = 0
  expect((await guard.fetch(`${base}/moved`, post)).url).toBe(`${base}/here`)
  expect((await guard.fetch(`${base}/other`, post)).url).toMatch(/other\.test/)
  expect(seen).toMatchObject([
    { url: '/moved', method: 'POST', secret: 'secret', body: 'a=b' },
    { url: '/here', method: 'GET', secret: 'secret', body: '' },
    { url: '/other', method: 'POST', secret: 'secret' },
    { url: '/here', method: 'GET', secret: undefined, body: '' },
  ])
  await expect(guard.fetch(`${base}/loop`, post)).rejects.toThrow(/more than 2 redirects/)
  await expect(guard.fetch(`${base}/metadata`, post)).rejects.toThrow(RefusedTarget)
  await expect(guard.fetch(`${base}/file`, post)).rejects.toThrow(RefusedTarget)
})

it('waits for nobody, and reads no more than it was told', async () => {
  const guard = createGuard('allow')
  await expect(guard.fetch(`${base}/long`, FEW)).rejects.toThrow(/longer than 1000 bytes/)
  await expect(guard.fetch(`${base}/never`, { ...FEW, timeoutMs: 50 })).rejects.toThrow()
})

it('keeps connections for those who bring the same again, between checked addresses only', async () => {
  const { port } = new URL(base)
  let address = '127.0.0.1'
  let asked = 0
  const guard = createGuard(['127.0.0.0/8'], async () => {
    asked++
    return [{ address, family: 4 }]
  })
  const accepted = () =>
    new Promise<number>((resolve, reject) =>
      server.getConnections((error, n) => (error ? reject(error) : resolve(n))),
    )
  const opened: number[] = []
  server.on('connection', () => opened.push(1))
  const kept = new KeptConnections()
  const ask = (connections?: KeptConnections) =>
    guard.fetch(`http://kept.test:${port}/here`, { ...FEW, ...(connections && { connections }) })
  for (let n = 0; n < 3; n++) expect(String((await ask(kept)).body)).toBe('here')
  expect([opened.length, asked]).toEqual([1, 1])
  await ask()
  const others = new KeptConnections()
  await ask(others)
  expect(opened.length).toBe(3)
  kept.close()
  // What DNS says next is checked anew, and another address is another connection.
  address = '10.0.0.1'
  await expect(ask(new KeptConnections())).rejects.toThrow(RefusedTarget)
  others.close()
  await vi.waitFor(async () => expect(await accepted()).toBe(0))
})

it('asks whether it still may once the connection stands, and tells what was never written', async () => {
  const guard = createGuard('allow')
  const post = { ...FEW, method: 'POST', body: 'x' }
  seen.length = 0
  const never = guard.fetch(`${base}/here`, { ...post, ready: async () => false })
  await expect(never).rejects.toThrow(NothingWritten)
  expect(seen).toEqual([])
  const kept = new KeptConnections()
  let ready = 0
  const yes = async () => ++ready > 0
  for (let n = 0; n < 2; n++) await guard.fetch(`${base}/here`, { ...post, connections: kept, ready: yes })
  expect([ready, seen.length]).toEqual([2, 2])
  kept.close()
  const gone = createServer()
  await new Promise<void>(done => gone.listen(0, '127.0.0.1', done))
  const { port } = gone.address() as AddressInfo
  await new Promise(done => gone.close(done))
  await expect(guard.fetch(`http://127.0.0.1:${port}/`, { ...post, ready: yes })).rejects.toThrow(
    NothingWritten,
  )
  await expect(guard.fetch('ftp://x.test/', { ...post, ready: yes })).rejects.toThrow(RefusedTarget)
  expect(ready).toBe(2)
  const late = guard.fetch(`${base}/never`, { ...post, timeoutMs: 50, ready: yes })
  await expect(late).rejects.not.toThrow(NothingWritten)
})
