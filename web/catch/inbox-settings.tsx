import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { InboxWire } from '../../server/catch/api/wire.ts'
import { inboxQuery } from '../calls/inboxes.ts'
import { inboxIn, projectsQuery } from '../calls/projects.ts'
import { mayChange } from '../calls/session.ts'
import { Page, Section } from '../frame/page.tsx'
import { buttonClasses } from '../ui/button.tsx'
import { useDocumentTitle } from '../ui/document-title.ts'
import { BackToInbox } from './back-to-inbox.tsx'
import { InboxUnavailable } from './inbox-unavailable.tsx'
import { AddressSection } from './settings/address-section.tsx'
import { CredentialsSection } from './settings/credentials-section.tsx'
import { DangerSection } from './settings/danger-section.tsx'
import { LimitsSection } from './settings/limits-section.tsx'
import { NameSection } from './settings/name-section.tsx'
import { Setting, Settings } from './setting.tsx'

export function InboxSettings() {
  const { inboxId } = useParams({ from: '/frame/inboxes/$inboxId/settings' })
  const inbox = useQuery(inboxQuery(inboxId))
  const role = useQuery({ ...projectsQuery, select: projects => inboxIn(projects, inboxId)?.role }).data
  useDocumentTitle('Settings', inbox.data?.name)
  if (inbox.isError && !inbox.data)
    return <InboxUnavailable error={inbox.error} onRetry={() => void inbox.refetch()} />
  if (!inbox.data || !role) return null
  return mayChange(role) ? (
    <ForAdmins key={inboxId} inbox={inbox.data} />
  ) : (
    <ForViewers key={inboxId} inbox={inbox.data} />
  )
}

function ForAdmins({ inbox }: { inbox: InboxWire }) {
  return (
    <Page title="Inbox settings" back={<BackToInbox id={inbox.id} name={inbox.name} />}>
      <NameSection inbox={inbox} />
      <CredentialsSection inbox={inbox} />
      {inbox.has_inbox_address && <AddressSection inbox={inbox} />}
      <LimitsSection inbox={inbox} />
      <PeopleSection id={inbox.id} />
      <DangerSection inbox={inbox} />
    </Page>
  )
}

function ForViewers({ inbox }: { inbox: InboxWire }) {
  return (
    <Page
      title="Inbox settings"
      about="You may look at this inbox. Its admins change it."
      back={<BackToInbox id={inbox.id} name={inbox.name} />}
    >
      <CredentialsSection inbox={inbox} />
      {inbox.email_username_enabled && (
        <Section title="Email address" about="Mail to this address reaches the inbox without a login.">
          <Settings>
            <Setting label="Address" value={`${inbox.email_username}@${inbox.email_domain}`} />
          </Settings>
        </Section>
      )}
      <LimitsSection inbox={inbox} />
      <PeopleSection id={inbox.id} />
    </Page>
  )
}

function PeopleSection({ id }: { id: number }) {
  return (
    <Section title="People" about="Who reaches this inbox, and through what.">
      <Link
        to="/inboxes/$inboxId/people"
        params={{ inboxId: id }}
        className={buttonClasses('plain', 'self-start')}
      >
        Show people
      </Link>
    </Section>
  )
}
