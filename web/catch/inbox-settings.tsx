import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { InboxSettings as SettingsWire, InboxWire } from '../../server/catch/api/wire.ts'
import { inboxSettingsQuery } from '../calls/inbox-settings.ts'
import { inboxQuery } from '../calls/inboxes.ts'
import { mayChange } from '../calls/session.ts'
import { Page, Section } from '../frame/page.tsx'
import { buttonClasses } from '../ui/button.tsx'
import { useDocumentTitle } from '../ui/document-title.ts'
import { BackToInbox } from './back-to-inbox.tsx'
import { InboxUnavailable } from './inbox-unavailable.tsx'
import { AddressSection } from './settings/address-section.tsx'
import { CredentialsSection } from './settings/credentials-section.tsx'
import { DangerSection } from './settings/danger-section.tsx'
import { LimitsSection, LimitsShown } from './settings/limits-section.tsx'
import { MoveSection } from './settings/move-section.tsx'
import { NameSection } from './settings/name-section.tsx'
import { StatusSection } from './settings/status-section.tsx'
import { Setting, Settings } from './setting.tsx'

export function InboxSettings() {
  const { inboxId } = useParams({ from: '/frame/inboxes/$inboxId/settings' })
  const inbox = useQuery(inboxQuery(inboxId))
  const settings = useQuery(inboxSettingsQuery(inboxId))
  useDocumentTitle('Settings', inbox.data?.name)
  const failed = [inbox, settings].find(query => query.isError && !query.data)
  if (failed?.error) return <InboxUnavailable error={failed.error} onRetry={() => void failed.refetch()} />
  if (!inbox.data || !settings.data) return null
  const Screen = mayChange(settings.data.role) ? ForAdmins : ForViewers
  return <Screen key={inboxId} inbox={inbox.data} settings={settings.data} />
}

interface ScreenProps {
  inbox: InboxWire
  settings: SettingsWire
}

function ForAdmins({ inbox, settings }: ScreenProps) {
  return (
    <Page title="Inbox settings" back={<BackToInbox id={inbox.id} name={inbox.name} />}>
      <NameSection inbox={inbox} />
      <StatusSection settings={settings} />
      <CredentialsSection inbox={inbox} />
      {inbox.has_inbox_address && <AddressSection inbox={inbox} />}
      <LimitsSection settings={settings} />
      <ForwardingSection id={inbox.id} />
      <PeopleSection id={inbox.id} />
      <MoveSection settings={settings} />
      <DangerSection inbox={inbox} />
    </Page>
  )
}

function ForViewers({ inbox, settings }: ScreenProps) {
  return (
    <Page
      title="Inbox settings"
      about={
        settings.status === 'active'
          ? 'You may look at this inbox. Its admins change it.'
          : 'You may look at this inbox. Its admins change it, and have switched it off: it takes no mail.'
      }
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
      <LimitsShown settings={settings} />
      <ForwardingSection id={inbox.id} />
      <PeopleSection id={inbox.id} />
    </Page>
  )
}

function ForwardingSection({ id }: { id: number }) {
  return (
    <Section
      title="Forwarding"
      about="Rules that send mail on to real mailboxes, and what became of each copy."
    >
      <Link
        to="/inboxes/$inboxId/forwarding"
        params={{ inboxId: id }}
        className={buttonClasses('plain', 'self-start')}
      >
        Show forwarding
      </Link>
    </Section>
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
