import { envValue, urlPart } from './quoting.ts'
import type { Snippet, Target } from './snippet.ts'

// Symfony Mailer, which Laravel uses too, takes STARTTLS wherever it is offered and verifies the certificate:
// without verify_peer it refuses the self-signed one, TLS wanted or not.
export function php({ host, port, username, password }: Target): Snippet {
  return {
    id: 'php',
    label: 'PHP',
    blocks: [
      {
        title: 'Laravel, .env',
        code: `MAIL_MAILER=smtp
MAIL_HOST=${host}
MAIL_PORT=${port}
MAIL_USERNAME=${envValue(username)}
MAIL_PASSWORD=${envValue(password)}
MAIL_FROM_ADDRESS="app@example.com"`,
      },
      {
        title: 'Laravel, config/mail.php',
        code: `'smtp' => [
    'transport' => 'smtp',
    'host' => env('MAIL_HOST'),
    'port' => env('MAIL_PORT'),
    'username' => env('MAIL_USERNAME'),
    'password' => env('MAIL_PASSWORD'),
    'verify_peer' => false, // the certificate is self-signed
],`,
      },
      {
        title: 'Symfony, .env',
        code: `MAILER_DSN="smtp://${urlPart(username)}:${urlPart(password)}@${host}:${port}?verify_peer=0"`,
      },
    ],
  }
}
