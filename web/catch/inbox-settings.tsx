import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { InboxWire } from '../../server/catch/api/wire.ts'
import { inboxQuery } from '../calls/inboxes.ts'
import { Page } from '../frame/page.tsx'
import { useDocumentTitle } from '../ui/document-title.ts'
import { BackToInbox } from './back-to-inbox.tsx'
import { InboxUnavailable } from './inbox-unavailable.tsx'
import { AddressSection } from './settings/address-section.tsx'
import { CredentialsSection } from './settings/credentials-section.tsx'
import { DangerSection } from './settings/danger-section.tsx'
import { LimitsSection } from './settings/limits-section.tsx'
import { NameSection } from './settings/name-section.tsx'

export function InboxSettings() {
  const { inboxId } = useParams({ from: '/frame/inboxes/$inboxId/settings' })
  const inbox = useQuery(inboxQuery(inboxId))
  useDocumentTitle('Settings', inbox.data?.name)
  if (inbox.isError && !inbox.data)
    return <InboxUnavailable error={inbox.error} onRetry={() => void inbox.refetch()} />
  if (!inbox.data) return null
  return <Settings key={inboxId} inbox={inbox.data} />
}

function Settings({ inbox }: { inbox: InboxWire }) {
  return (
    <Page title="Inbox settings" back={<BackToInbox id={inbox.id} name={inbox.name} />}>
      <NameSection inbox={inbox} />
      <CredentialsSection inbox={inbox} />
      {inbox.has_inbox_address && <AddressSection inbox={inbox} />}
      <LimitsSection inbox={inbox} />
      <DangerSection inbox={inbox} />
    </Page>
  )
}
