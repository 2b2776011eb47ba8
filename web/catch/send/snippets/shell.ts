import { shellWord } from './quoting.ts'
import { FROM, type Snippet, SUBJECT, type Target, TEXT, TO } from './snippet.ts'

export function shell({ host, port, username, password, tls }: Target): Snippet {
  const swaks = [
    `swaks --server ${shellWord(host)} --port ${port}${tls ? ' --tls' : ''}`,
    `--auth PLAIN --auth-user ${shellWord(username)} --auth-password ${shellWord(password)}`,
    `--from ${FROM} --to ${TO}`,
    `--header ${shellWord(`Subject: ${SUBJECT}`)} --body ${shellWord(TEXT)}`,
  ]
  const curl = [
    `curl ${shellWord(`smtp://${host}:${port}`)}${tls ? ' --ssl-reqd --insecure' : ''}`,
    `--user ${shellWord(`${username}:${password}`)}`,
    `--mail-from ${FROM} --mail-rcpt ${TO}`,
    `--crlf --upload-file - <<'END'`,
  ]
  const message = [`From: ${FROM}`, `To: ${TO}`, `Subject: ${SUBJECT}`, '', TEXT, 'END']
  return {
    id: 'shell',
    label: 'Shell',
    blocks: [
      { title: 'swaks', code: swaks.join(' \\\n  ') },
      { title: 'curl', code: [curl.join(' \\\n  '), ...message].join('\n') },
    ],
  }
}
