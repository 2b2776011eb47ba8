import { quoted } from './quoting.ts'
import { FROM, type Snippet, SUBJECT, type Target, TEXT, TO } from './snippet.ts'

// Not smtp.SendMail: it takes STARTTLS wherever it is offered and refuses a self-signed certificate. Not PlainAuth:
// it refuses to speak without TLS to anything but localhost.
export function go({ host, port, username, password, tls }: Target): Snippet {
  const message = `From: ${FROM}\r\nTo: ${TO}\r\nSubject: ${SUBJECT}\r\n\r\n${TEXT}\r\n`
  return {
    id: 'go',
    label: 'Go',
    blocks: [
      {
        title: 'net/smtp',
        code: `package main

import (
${tls ? '\t"crypto/tls"\n' : ''}\t"log"
\t"net/smtp"
)

func main() {
\tif err := send(); err != nil {
\t\tlog.Fatal(err)
\t}
}

func send() error {
\tclient, err := smtp.Dial(${quoted(`${host}:${port}`)})
\tif err != nil {
\t\treturn err
\t}
\tdefer client.Close()
${
  tls
    ? `\t// The certificate is self-signed.
\tif err := client.StartTLS(&tls.Config{InsecureSkipVerify: true}); err != nil {
\t\treturn err
\t}
`
    : ''
}\tif err := client.Auth(smtp.CRAMMD5Auth(${quoted(username)}, ${quoted(password)})); err != nil {
\t\treturn err
\t}
\tif err := client.Mail(${quoted(FROM)}); err != nil {
\t\treturn err
\t}
\tif err := client.Rcpt(${quoted(TO)}); err != nil {
\t\treturn err
\t}
\tbody, err := client.Data()
\tif err != nil {
\t\treturn err
\t}
\tif _, err := body.Write([]byte(${quoted(message)})); err != nil {
\t\treturn err
\t}
\tif err := body.Close(); err != nil {
\t\treturn err
\t}
\treturn client.Quit()
}`,
      },
    ],
  }
}
