import { once } from 'node:events'
import { type IncomingMessage, request as requestPlain } from 'node:http'
import { request as requestTls } from 'node:https'
import { connect, createServer } from 'node:net'
import { json } from 'node:stream/consumers'
import { isLoopback, type Settings } from '../../config.ts'
import { fail, type Finding, ok, warn } from './finding.ts'

const PATIENCE_MS = 4_000

interface MailDoor {
  name: string
  ports: 'smtpPorts' | 'pop3Ports'
  setting: string
  /** What a server says first. */
  greeting: string
}

const SMTP: MailDoor = { name: 'SMTP', ports: 'smtpPorts', setting: 'POSTHORN_SMTP_PORTS', greeting: '220' }
const POP3: MailDoor = { name: 'POP3', ports: 'pop3Ports', setting: 'POSTHORN_POP3_PORTS', greeting: '+OK' }

/** Every port is either free or ours. */
export async function checkPorts(settings: Settings): Promise<Finding[]> {
  const web = await checkWebPort(settings)
  const findings = [web.finding]
  for (const door of [SMTP, POP3])
    for (const port of settings[door.ports])
      findings.push(await checkMailPort(door, settings.host, port, web.ours))
  return findings
}

async function checkWebPort(settings: Settings): Promise<{ finding: Finding; ours: boolean }> {
  const { host, httpPort } = settings
  const name = `web port ${httpPort}`
  const trouble = await troubleListening(host, httpPort)
  if (trouble !== 'EADDRINUSE') return { finding: freeOr(trouble, name, 'POSTHORN_HTTP_PORT'), ours: false }
  const health = await askHealth(settings)
  if (health === undefined) return { finding: taken(name, 'POSTHORN_HTTP_PORT'), ours: false }
  const unwell = Object.entries(health).filter(([, said]) => said !== 'ok')
  if (unwell.length === 0) return { finding: ok(name, 'the server runs and is ready'), ours: true }
  const says = `the server runs and is not ready: ${unwell.map(([part, said]) => `${part}: ${said}`).join('; ')}`
  return { finding: fail(name, says, 'see what else is found here, and the log of the server'), ours: true }
}

async function checkMailPort(
  door: MailDoor,
  host: string,
  port: number,
  serverRuns: boolean,
): Promise<Finding> {
  const name = `${door.name} port ${port}`
  const trouble = await troubleListening(host, port)
  if (trouble !== 'EADDRINUSE') {
    if (trouble === undefined && serverRuns)
      return warn(
        name,
        'the server runs, but not on this port',
        'restart it, so that it reads the settings again',
      )
    return freeOr(trouble, name, door.setting)
  }
  if (serverRuns && (await greeting(host, port)).startsWith(door.greeting))
    return ok(name, 'the server answers')
  return taken(name, door.setting)
}

function taken(name: string, setting: string): Finding {
  return fail(name, 'taken by another program', `stop that one, or set ${setting} to another port`)
}

function freeOr(trouble: string | undefined, name: string, setting: string): Finding {
  if (trouble === undefined) return ok(name, 'free')
  if (trouble === 'EACCES')
    return fail(
      name,
      'no permission to listen there',
      `set ${setting} to a port from 1024 on, or allow it to this user`,
    )
  if (trouble === 'EADDRNOTAVAIL')
    return fail(name, 'POSTHORN_HOST is no address of this machine', 'set POSTHORN_HOST to one that is')
  return fail(name, trouble, `set ${setting} to another port`)
}

/** The code of what keeps us from listening; undefined: nothing. */
async function troubleListening(host: string, port: number): Promise<string | undefined> {
  const server = createServer()
  try {
    server.listen(port, host)
    await once(server, 'listening')
    server.close()
    await once(server, 'close')
    return undefined
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error)
  }
}

/** What each part of a Posthorn says of itself; undefined if it is none. */
async function askHealth({ host, httpPort, https }: Settings): Promise<Record<string, string> | undefined> {
  const ask = https ? requestTls : requestPlain
  const request = ask({
    host: reachable(host),
    port: httpPort,
    path: '/health/ready',
    rejectUnauthorized: false,
    signal: AbortSignal.timeout(PATIENCE_MS),
  })
  try {
    request.end()
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    const { checks } = (await json(response)) as { checks?: Record<string, string> }
    return typeof checks === 'object' ? checks : undefined
  } catch {
    return undefined
  } finally {
    request.on('error', () => {})
    request.destroy()
  }
}

function greeting(host: string, port: number): Promise<string> {
  return new Promise(resolve => {
    const socket = connect(port, reachable(host))
    socket.setTimeout(PATIENCE_MS, () => socket.destroy())
    socket.once('data', data => {
      resolve(data.toString('latin1'))
      socket.end('QUIT\r\n')
    })
    socket.on('error', () => resolve(''))
    socket.once('close', () => resolve(''))
  })
}

function reachable(host: string): string {
  return host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
}

/** Whether what is put into links leads here. */
export function checkPublicUrl({ host, publicUrl, https, trustedProxies }: Settings): Finding {
  const { hostname, protocol } = new URL(publicUrl)
  const local = isLoopback(hostname.replaceAll(/[[\]]/g, ''))
  if (!isLoopback(host) && local)
    return warn('public URL', `${publicUrl} leads others to their own machine`, 'set POSTHORN_PUBLIC_URL')
  if (https && protocol === 'http:')
    return warn(
      'public URL',
      `${publicUrl} is http, the listener speaks https`,
      'set POSTHORN_PUBLIC_URL to https://…',
    )
  if (isLoopback(host) && !local && trustedProxies.length === 0)
    return warn(
      'public URL',
      `${publicUrl} leads here only through a proxy, and none is trusted`,
      'set POSTHORN_TRUSTED_PROXIES to its address',
    )
  return ok('public URL', publicUrl)
}
