import { propertyValue, quoted } from './quoting.ts'
import { FROM, type Snippet, SUBJECT, type Target, TEXT, TO } from './snippet.ts'

export function java({ host, port, username, password, tls }: Target): Snippet {
  return {
    id: 'java',
    label: 'Java',
    blocks: [
      {
        title: 'Spring, application.properties',
        code: `spring.mail.host=${host}
spring.mail.port=${port}
spring.mail.username=${propertyValue(username)}
spring.mail.password=${propertyValue(password)}
spring.mail.properties.mail.smtp.auth=true
spring.mail.properties.mail.smtp.starttls.enable=${tls}${
          tls
            ? `
spring.mail.properties.mail.smtp.starttls.required=true
# the certificate is self-signed
spring.mail.properties.mail.smtp.ssl.trust=*
spring.mail.properties.mail.smtp.ssl.checkserveridentity=false`
            : ''
        }`,
      },
      {
        title: 'Jakarta Mail',
        code: `import jakarta.mail.*;
import jakarta.mail.internet.*;
import java.util.Properties;

public class SendMail {
  public static void main(String[] args) throws MessagingException {
    Properties settings = new Properties();
    settings.put("mail.smtp.host", ${quoted(host)});
    settings.put("mail.smtp.port", "${port}");
    settings.put("mail.smtp.auth", "true");${
      tls
        ? `
    settings.put("mail.smtp.starttls.required", "true");
    settings.put("mail.smtp.starttls.enable", "true");
    settings.put("mail.smtp.ssl.trust", "*"); // the certificate is self-signed
    settings.put("mail.smtp.ssl.checkserveridentity", "false");`
        : ''
    }

    Session session = Session.getInstance(settings, new Authenticator() {
      @Override
      protected PasswordAuthentication getPasswordAuthentication() {
        return new PasswordAuthentication(${quoted(username)}, ${quoted(password)});
      }
    });
    MimeMessage message = new MimeMessage(session);
    message.setFrom(${quoted(FROM)});
    message.setRecipients(Message.RecipientType.TO, ${quoted(TO)});
    message.setSubject(${quoted(SUBJECT)});
    message.setText(${quoted(TEXT)});
    Transport.send(message);
  }
}`,
      },
    ],
  }
}
