import { CloudCog, FolderOutput, Inbox, type LucideIcon, Mail, Server } from 'lucide-react'

interface TypeLook {
  name: string
  about: string
  icon: LucideIcon
  /** How its provider is told where to report, step by step; the address itself is shown with them. */
  webhook?: readonly string[]
}

const OTHER: TypeLook = { name: '', about: '', icon: Mail }

/** What is said of a type beyond what the server says of it, by its id. */
const LOOKS: Readonly<Record<number, TypeLook>> = {
  1: {
    name: 'Amazon SES',
    about: 'By its API, with a configuration set.',
    icon: CloudCog,
    webhook: [
      'In SNS make a standard topic, and subscribe this address to it by HTTPS. It confirms itself.',
      'In SES open the configuration set named here, add an event destination of kind SNS with that topic.',
      'Choose deliveries, hard bounces, complaints, rejects, opens and clicks.',
    ],
  },
  2: {
    name: 'SendGrid',
    about: 'By its API.',
    icon: CloudCog,
    webhook: [
      'In SendGrid open Settings, Mail Settings, Event Webhook, and make a new one with this address.',
      'Choose delivered, deferred, bounced, dropped, spam reports, unsubscribes, opened and clicked.',
      'Switch on the signed event webhook, and copy its verification key to the field under More settings.',
    ],
  },
  3: {
    name: 'Mailgun',
    about: 'By its API, in the US or the EU.',
    icon: CloudCog,
    webhook: [
      'In Mailgun open Send, Sending, Webhooks of your domain.',
      'Add this address for delivered, opened, clicked, permanent failure, temporary failure and spam complaints.',
      'Copy the HTTP webhook signing key into the field above: without it no report is believed.',
    ],
  },
  4: {
    name: 'Postmark',
    about: 'By its API, in one message stream.',
    icon: CloudCog,
    webhook: [
      'In Postmark open your server, the message stream, Webhooks, and add this address.',
      'Choose delivery, bounce, spam complaint, open, link click and subscription change.',
      'Postmark signs nothing: give it a user and a password (basic auth), the same as under More settings.',
    ],
  },
  5: {
    name: 'Mailjet',
    about: 'By its API.',
    icon: CloudCog,
    webhook: [
      'In Mailjet open Account settings, Event notifications (webhooks).',
      'Enter this address for sent, open, click, bounce, blocked, spam and unsubscribe, with grouped events.',
      'Mailjet signs nothing: write user:password@ before the host, the same as under More settings.',
    ],
  },
  6: { name: 'SMTP', about: 'Any mail server: your own, or that of a provider.', icon: Server },
  7: {
    name: 'Postal',
    about: 'Your own Postal server, by its API.',
    icon: Server,
    webhook: [
      'In Postal open your mail server, Webhooks, Add webhook, and enter this address.',
      'Let it send all events, and sign them. Its public key goes to the field under More settings.',
    ],
  },
  8: {
    name: 'One of our inboxes',
    about: 'Nothing leaves: the mails are caught here, to be looked at.',
    icon: Inbox,
  },
  9: {
    name: 'Files',
    about: 'Nothing leaves: each mail becomes a file in the data directory.',
    icon: FolderOutput,
  },
}

export function lookOf(typeId: number, fallback: string): TypeLook {
  const look = LOOKS[typeId] ?? OTHER
  return look.name ? look : { ...look, name: fallback }
}
