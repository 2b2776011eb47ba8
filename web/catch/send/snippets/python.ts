import { quoted } from './quoting.ts'
import { FROM, type Snippet, SUBJECT, type Target, TEXT, TO } from './snippet.ts'

export function python({ host, port, username, password, tls }: Target): Snippet {
  return {
    id: 'python',
    label: 'Python',
    blocks: [
      {
        title: 'smtplib',
        code: `import smtplib
from email.message import EmailMessage

message = EmailMessage()
message["From"] = ${quoted(FROM)}
message["To"] = ${quoted(TO)}
message["Subject"] = ${quoted(SUBJECT)}
message.set_content(${quoted(TEXT)})

with smtplib.SMTP(${quoted(host)}, ${port}) as server:
${tls ? '    server.starttls()\n' : ''}    server.login(${quoted(username)}, ${quoted(password)})
    server.send_message(message)`,
      },
      {
        title: 'Django, settings.py',
        code: `EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = ${quoted(host)}
EMAIL_PORT = ${port}
EMAIL_HOST_USER = ${quoted(username)}
EMAIL_HOST_PASSWORD = ${quoted(password)}
EMAIL_USE_TLS = False`,
      },
    ],
  }
}
