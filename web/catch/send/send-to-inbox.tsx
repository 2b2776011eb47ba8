import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { MailCheck } from 'lucide-react'
import { useRef, useState } from 'react'
import type { InboxWire } from '../../../server/catch/api/wire.ts'
import { inboxQuery } from '../../calls/inboxes.ts'
import { inboxIn, projectsQuery } from '../../calls/projects.ts'
import { Page } from '../../frame/page.tsx'
import { buttonClasses } from '../../ui/button.tsx'
import { useDocumentTitle } from '../../ui/document-title.ts'
import { counted } from '../../ui/size.ts'
import { Switch } from '../../ui/switch.tsx'
import { BackToInbox } from '../back-to-inbox.tsx'
import { InboxUnavailable } from '../inbox-unavailable.tsx'
import { Pop3Settings } from './pop3-settings.tsx'
import { SmtpSettings } from './smtp-settings.tsx'
import { SnippetTabs } from './snippet-tabs.tsx'

/** Everything an app needs to send here. */
export function SendToInbox() {
  const { inboxId } = useParams({ from: '/frame/inboxes/$inboxId/setup' })
  const inbox = useQuery(inboxQuery(inboxId))
  useDocumentTitle('Send to this inbox', inbox.data?.name)
  if (inbox.isError && !inbox.data)
    return <InboxUnavailable error={inbox.error} onRetry={() => void inbox.refetch()} />
  if (!inbox.data) return null
  return <Sending key={inboxId} inbox={inbox.data} />
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/

function Sending({ inbox }: { inbox: InboxWire }) {
  const [tls, setTls] = useState(!LOOPBACK.test(inbox.domain))
  const [port = 2525] = inbox.smtp_ports
  // Whoever may only look gets code to fill in.
  const password = inbox.password ?? 'PASSWORD'
  return (
    <Page
      title="Send to this inbox"
      about="Give these settings to your app. Whoever it writes to, the mail is caught here and goes no further."
      back={<BackToInbox id={inbox.id} name={inbox.name} />}
    >
      <Arrived inboxId={inbox.id} />
      <section aria-label="SMTP settings" className="flex flex-col gap-3">
        <h2 className="text-body font-semibold">SMTP settings</h2>
        <SmtpSettings inbox={inbox} />
        <p className="text-soft">
          PLAIN, LOGIN and CRAM-MD5 are understood, with STARTTLS on every port or without it.
          {!inbox.email_username_enabled && inbox.has_inbox_address && inbox.password !== null && (
            <>
              {' '}
              The inbox can also have an{' '}
              <Link
                to="/inboxes/$inboxId/settings"
                params={{ inboxId: inbox.id }}
                className="font-medium text-brass-text underline decoration-brass-line underline-offset-2 hover:decoration-current"
              >
                address of its own
              </Link>
              .
            </>
          )}
        </p>
      </section>
      <section aria-label="Code" className="flex flex-col gap-3">
        <div className="flex flex-wrap items-center justify-between gap-x-6">
          <h2 className="text-body font-semibold">Code</h2>
          <Switch label="With STARTTLS" checked={tls} onChange={() => setTls(!tls)} />
        </div>
        <SnippetTabs target={{ host: inbox.domain, port, username: inbox.username, password, tls }} />
      </section>
      <Pop3Settings inbox={inbox} />
    </Page>
  )
}

/** Tells at once that it worked. */
function Arrived({ inboxId }: { inboxId: number }) {
  const inbox = useQuery({ ...projectsQuery, select: projects => inboxIn(projects, inboxId) }).data
  const before = useRef<number>(undefined)
  if (before.current === undefined && inbox) before.current = inbox.emails_count
  const arrived = (inbox?.emails_count ?? 0) - (before.current ?? 0)
  return (
    <div role="status" className={arrived > 0 ? '' : 'hidden'}>
      {arrived > 0 && (
        <div className="flex animate-rise items-center gap-3 rounded-card border border-brass-line bg-brass-wash py-2 pr-2 pl-4">
          <MailCheck size={18} className="shrink-0 text-brass-text" aria-hidden />
          <span className="grow font-medium">It works: {counted(arrived, 'message')} caught.</span>
          <Link to="/inboxes/$inboxId" params={{ inboxId }} className={buttonClasses('primary')}>
            Show
          </Link>
        </div>
      )}
    </div>
  )
}
