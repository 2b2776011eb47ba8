import nodemailer from 'nodemailer'
import type { SendMailOptions } from 'nodemailer'
import { INBOX_PASSWORD, INBOX_USERNAME } from '../posthorn.ts'
import type { Posthorn } from '../posthorn.ts'

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** What an app would send, with everything a screen has to show. */
export const WELCOME: SendMailOptions = {
  from: 'Fernweh <hello@fernweh.example>',
  to: 'Ada Lovelace <ada@example.com>',
  cc: 'Grace Hopper <grace@example.com>',
  bcc: 'hidden@example.com',
  replyTo: 'reply@fernweh.example',
  subject: 'Welcome to Fernweh, Ada',
  text: 'We are glad you are here.\nConfirm: https://fernweh.example/confirm?token=1\n',
  html: `<!doctype html><html><head><style>
body { margin: 0; background: #f3efe6; font: 16px/1.5 Georgia, serif; color: #222 }
.card { max-width: 600px; margin: 24px auto; background: #fff; border-radius: 8px; overflow: hidden }
h1 { margin: 0; padding: 32px; background: #1f4d4a; color: #fff; font-weight: normal }
.text { padding: 32px }
@media (max-width: 480px) { h1 { font-size: 20px; padding: 20px } }
@media (prefers-color-scheme: dark) { body { background: #111 } .card { background: #1d1f1f; color: #eee } }
</style></head><body><div class="card"><h1>Welcome aboard, Ada</h1><div class="text">
<p>We are glad you are here. Confirm your address, and we will set up your first trip together.</p>
<img src="cid:logo" width="80" height="40" alt="The logo">
<img src="http://tracker.example/pixel.gif" alt="">
<p><a href="https://fernweh.example/confirm?token=1">Confirm address</a></p></div></div></body></html>`,
  attachments: [
    { filename: 'logo.png', content: PIXEL, cid: 'logo' },
    { filename: 'invoice-2026-1107.pdf', content: Buffer.alloc(48_210, 'x'), contentType: 'application/pdf' },
  ],
}

/** Messages that are hard to show: no subject, right to left, words that do not break. */
export const ODD: SendMailOptions[] = [
  { from: 'a@example.com', to: 'b@example.com', text: 'No subject at all.' },
  { from: 'خدمة العملاء <a@example.com>', to: 'b@example.com', subject: 'مرحبًا بك في خدمتنا', text: 'مرحبًا' },
  {
    from: 'a@example.com',
    to: `${'very-long-local-part'.repeat(3)}@example.com`,
    subject: `Donau${'dampfschifffahrt'.repeat(12)}`,
    text: 'x'.repeat(500),
  },
  { from: 'a@example.com', to: 'b@example.com', subject: '🎉 You’re in!', text: 'Tickets 🎟️' },
]

/** Sends in turn over one connection, so that the ids are in the same order. */
export async function sendMail(
  server: Posthorn,
  mails: SendMailOptions[],
  login = { user: INBOX_USERNAME, pass: INBOX_PASSWORD },
): Promise<void> {
  const transport = nodemailer.createTransport({
    host: '127.0.0.1',
    port: server.smtpPort,
    ignoreTLS: true,
    pool: true,
    maxConnections: 1,
    maxMessages: Infinity,
    auth: login,
  })
  try {
    for (const mail of mails) await transport.sendMail(mail)
  } finally {
    transport.close()
  }
}

export function numbered(from: number, to: number): SendMailOptions[] {
  return Array.from({ length: to - from + 1 }, (_, index) => ({
    from: 'app@example.com',
    to: 'you@example.com',
    subject: `Message ${from + index}`,
    text: `The text of number ${from + index}.`,
  }))
}
