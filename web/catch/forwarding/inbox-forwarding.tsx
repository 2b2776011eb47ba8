import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { forwardingQuery } from '../../calls/forwarding.ts'
import { inboxIn, projectsQuery } from '../../calls/projects.ts'
import { mayChange } from '../../calls/session.ts'
import { Page } from '../../frame/page.tsx'
import { useDocumentTitle } from '../../ui/document-title.ts'
import { BackToInbox } from '../back-to-inbox.tsx'
import { InboxUnavailable } from '../inbox-unavailable.tsx'
import { HistorySection } from './history-section.tsx'
import { NoRelay } from './no-relay.tsx'
import { RulesSection } from './rules-section.tsx'
import { TargetsSection } from './targets-section.tsx'

export function InboxForwarding() {
  const { inboxId } = useParams({ from: '/frame/inboxes/$inboxId/forwarding' })
  const forwarding = useQuery(forwardingQuery(inboxId))
  const inbox = useQuery({ ...projectsQuery, select: projects => inboxIn(projects, inboxId) }).data
  useDocumentTitle('Forwarding', inbox?.name)
  if (forwarding.isError && !forwarding.data)
    return <InboxUnavailable error={forwarding.error} onRetry={() => void forwarding.refetch()} />
  if (!forwarding.data || !inbox) return null
  const { relay, from, rules, targets, may_forget } = forwarding.data
  const change = mayChange(inbox.role)
  return (
    <Page
      key={inboxId}
      title="Forwarding"
      about={
        <>
          Captured mail goes on to real mailboxes here, by rule or by hand, and only to those whose owner
          agreed. Copies come from <bdi className="[overflow-wrap:anywhere]">{from.email}</bdi>.
        </>
      }
      back={<BackToInbox id={inboxId} name={inbox.name} />}
    >
      {!relay && <NoRelay />}
      <RulesSection inboxId={inboxId} rules={rules} targets={targets} mayChange={change} />
      {change && <TargetsSection inboxId={inboxId} targets={targets} relay={relay} mayForget={may_forget} />}
      <HistorySection inboxId={inboxId} mayChange={change && inbox.status === 'active'} />
    </Page>
  )
}
