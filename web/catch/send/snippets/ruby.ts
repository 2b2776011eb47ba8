import { singleQuoted } from './quoting.ts'
import { FROM, type Snippet, SUBJECT, type Target, TEXT, TO } from './snippet.ts'

export function ruby({ host, port, username, password, tls }: Target): Snippet {
  return {
    id: 'ruby',
    label: 'Ruby',
    blocks: [
      {
        title: 'Rails, config/environments/development.rb',
        code: `config.action_mailer.delivery_method = :smtp
config.action_mailer.smtp_settings = {
  address: ${singleQuoted(host)},
  port: ${port},
  user_name: ${singleQuoted(username)},
  password: ${singleQuoted(password)},
  authentication: :plain,
  ${
    tls
      ? `enable_starttls_auto: true,\n  openssl_verify_mode: 'none' # the certificate is self-signed`
      : 'enable_starttls_auto: false'
  }
}`,
      },
      {
        title: 'Net::SMTP',
        code: `require 'net/smtp'
${
  tls
    ? `
tls = OpenSSL::SSL::SSLContext.new
tls.verify_mode = OpenSSL::SSL::VERIFY_NONE # the certificate is self-signed
`
    : ''
}
smtp = Net::SMTP.new(${singleQuoted(host)}, ${port})
${tls ? 'smtp.enable_starttls(tls)' : 'smtp.disable_starttls'}
smtp.start(helo: 'localhost', user: ${singleQuoted(username)}, secret: ${singleQuoted(password)}, authtype: :plain) do
  smtp.send_message(<<~MESSAGE, ${singleQuoted(FROM)}, ${singleQuoted(TO)})
    From: ${FROM}
    To: ${TO}
    Subject: ${SUBJECT}

    ${TEXT}
  MESSAGE
end`,
      },
    ],
  }
}
