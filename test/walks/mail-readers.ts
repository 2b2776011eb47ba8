import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runClient } from './client-program.ts'

export type Tls = 'in the clear' | 'by STLS' | 'by TLS from the first byte'

export interface Account {
  port: number
  username: string
  password: string
  tls: Tls
  /** As the client calls it; undefined leaves it to the client. */
  mechanism?: string | undefined
}

/** What curl writes for a path: '' is the list, a number is a message; `command` replaces LIST. */
export function curl(
  { port, username, password, tls, mechanism }: Account,
  path: string,
  command = '',
): Promise<Buffer> {
  const scheme = tls === 'by TLS from the first byte' ? 'pop3s' : 'pop3'
  const args = [
    '--silent',
    '--show-error',
    '--max-time',
    '20',
    '--insecure',
    '--user',
    `${username}:${password}`,
  ]
  if (tls === 'by STLS') args.push('--ssl-reqd')
  if (mechanism) args.push('--login-options', `AUTH=${mechanism}`)
  if (command) args.push('--request', command)
  return runClient('curl', [...args, `${scheme}://127.0.0.1:${port}/${path}`])
}

const POPLIB = `
import base64, json, poplib, ssl, sys
port, tls, way, username, password, delete = sys.argv[1:]
insecure = ssl._create_unverified_context()
if tls == 'by TLS from the first byte':
    pop = poplib.POP3_SSL('127.0.0.1', int(port), timeout=20, context=insecure)
else:
    pop = poplib.POP3('127.0.0.1', int(port), timeout=20)
if tls == 'by STLS':
    pop.stls(context=insecure)
if way == 'APOP':
    pop.apop(username, password)
else:
    pop.user(username)
    pop.pass_(password)
count, octets = pop.stat()
numbers = range(1, count + 1)
plain = lambda lines: base64.b64encode(b''.join(line + b'\\r\\n' for line in lines)).decode()
json.dump({
    'octets': octets,
    'sizes': [int(line.split()[1]) for line in pop.list()[1]],
    'uids': [int(line.split()[1]) for line in pop.uidl()[1]],
    'tops': [plain(pop.top(n, 0)[1]) for n in numbers],
    'messages': [plain(pop.retr(n)[1]) for n in numbers],
    'capabilities': sorted(pop.capa()),
}, sys.stdout)
for number in delete.split():
    pop.dele(number)
pop.quit()
`

interface Poplib {
  octets: number
  sizes: number[]
  uids: number[]
  capabilities: string[]
  tops: string[]
  messages: string[]
}

/** All that Python's poplib finds; the numbers in `remove` are deleted. `mechanism` may be APOP. */
export async function poplib(account: Account, remove: number[] = []): Promise<Poplib> {
  const { port, tls, mechanism = 'USER', username, password } = account
  const options = [String(port), tls, mechanism, username, password, remove.join(' ')]
  const found = JSON.parse(String(await runClient('python3', ['-c', POPLIB, ...options]))) as Poplib
  return { ...found, tops: decoded(found.tops), messages: decoded(found.messages) }
}

function decoded(texts: string[]): string[] {
  return texts.map(text => Buffer.from(text, 'base64').toString('latin1'))
}

/** Takes everything out of the inbox, as fetchmail does; answers it in one piece, with LF at the line ends. */
export async function fetchmail({ port, username, password, tls, mechanism }: Account): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-fetchmail-'))
  const settings = join(folder, 'fetchmailrc')
  const mailbox = join(folder, 'mailbox')
  const proto = mechanism === 'APOP' ? 'APOP' : 'POP3'
  const auth = mechanism && mechanism !== 'APOP' ? `auth ${mechanism}` : ''
  const tlsOptions = {
    'in the clear': "sslproto ''",
    'by STLS': "sslproto 'TLS1.2+' no sslcertck",
    'by TLS from the first byte': 'ssl no sslcertck',
  }
  writeFileSync(mailbox, '')
  writeFileSync(
    settings,
    `poll 127.0.0.1 proto ${proto} port ${port} ${auth} user '${username}' password '${password}' ` +
      `${tlsOptions[tls]} mda 'cat >>${mailbox}' nokeep\n`,
    { mode: 0o600 },
  )
  try {
    await runClient('fetchmail', [
      '-f',
      settings,
      '--pidfile',
      join(folder, 'pid'),
      '-i',
      join(folder, 'ids'),
      '--nosyslog',
    ])
    return readFileSync(mailbox, 'latin1')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
