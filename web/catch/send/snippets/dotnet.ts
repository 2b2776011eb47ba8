import { quoted } from './quoting.ts'
import { FROM, type Snippet, SUBJECT, type Target, TEXT, TO } from './snippet.ts'

export function dotnet({ host, port, username, password, tls }: Target): Snippet {
  return {
    id: 'dotnet',
    label: '.NET',
    blocks: [
      {
        title: 'MailKit',
        code: `using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

var message = new MimeMessage();
message.From.Add(MailboxAddress.Parse(${quoted(FROM)}));
message.To.Add(MailboxAddress.Parse(${quoted(TO)}));
message.Subject = ${quoted(SUBJECT)};
message.Body = new TextPart("plain") { Text = ${quoted(TEXT)} };

using var client = new SmtpClient();
${
  tls
    ? `// The certificate is self-signed.
client.ServerCertificateValidationCallback = (_, _, _, _) => true;
`
    : ''
}client.Connect(${quoted(host)}, ${port}, SecureSocketOptions.${tls ? 'StartTls' : 'None'});
client.Authenticate(${quoted(username)}, ${quoted(password)});
client.Send(message);
client.Disconnect(true);`,
      },
      {
        title: 'ASP.NET, appsettings.Development.json',
        code: JSON.stringify(
          { Smtp: { Host: host, Port: port, Username: username, Password: password } },
          null,
          2,
        ),
      },
    ],
  }
}
