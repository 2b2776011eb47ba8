import { quoted } from './quoting.ts'
import { FROM, type Snippet, SUBJECT, type Target, TEXT, TO } from './snippet.ts'

export function node({ host, port, username, password, tls }: Target): Snippet {
  return {
    id: 'node',
    label: 'Node.js',
    blocks: [
      {
        title: 'Nodemailer',
        code: `import nodemailer from 'nodemailer'

const transport = nodemailer.createTransport({
  host: ${quoted(host)},
  port: ${port},
  ${tls ? `requireTLS: true,\n  tls: { rejectUnauthorized: false }, // the certificate is self-signed` : 'ignoreTLS: true,'}
  auth: { user: ${quoted(username)}, pass: ${quoted(password)} },
})

await transport.sendMail({
  from: ${quoted(FROM)},
  to: ${quoted(TO)},
  subject: ${quoted(SUBJECT)},
  text: ${quoted(TEXT)},
})`,
      },
    ],
  }
}
