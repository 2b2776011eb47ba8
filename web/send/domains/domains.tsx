import { useQuery } from '@tanstack/react-query'
import { Globe } from 'lucide-react'
import { addSendingDomain, sendingDomainsQuery } from '../../calls/sending-domains.ts'
import { mayChange, useSession } from '../../calls/session.ts'
import { Page } from '../../frame/page.tsx'
import { Button } from '../../ui/button.tsx'
import { useDocumentTitle } from '../../ui/document-title.ts'
import { Field, FormError } from '../../ui/field.tsx'
import { State } from '../../ui/state.tsx'
import { toast } from '../../ui/toasts.tsx'
import { useForm } from '../../ui/use-form.ts'
import { ListBreathing, ListFailed } from '../list-failed.tsx'
import { DomainCard } from './domain-card.tsx'

/** The domains in whose name mail is signed, and what DNS has to say for them. */
export function SendingDomains() {
  useDocumentTitle('Sending domains')
  const change = mayChange(useSession().workspace?.role)
  const domains = useQuery(sendingDomainsQuery)
  return (
    <Page
      title="Sending domains"
      about="Mail from these domains is signed, so that other servers can tell it is yours. They look for the keys in your DNS: without them much of it ends in the spam folder."
    >
      {change && <AddDomain />}
      {domains.isPending && <ListBreathing />}
      {domains.isError && !domains.data && (
        <ListFailed what="The sending domains" error={domains.error} onRetry={() => void domains.refetch()} />
      )}
      {domains.data?.length === 0 && (
        <State picture={<Globe size={32} strokeWidth={1.5} aria-hidden />} title="No sending domain yet">
          Add the domain of your From addresses. You get the records to set, and see here whether they are
          right.
        </State>
      )}
      {domains.data?.map(domain => (
        <DomainCard key={domain.id} domain={domain} change={change} />
      ))}
    </Page>
  )
}

function AddDomain() {
  const form = useForm({ domain: '', selector: '' }, async ({ domain, selector }) => {
    if (!domain.trim()) return
    const added = await addSendingDomain(domain.trim(), selector.trim())
    form.set('domain', '')
    form.set('selector', '')
    toast(`${added.domain} is added. Now set its records.`)
  })
  return (
    <form onSubmit={form.submit} noValidate className="-mb-2 flex flex-col gap-3">
      <FormError>{form.error}</FormError>
      <div className="flex flex-wrap items-start gap-3">
        <Field
          label="Domain"
          className="max-w-sm min-w-48 grow"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          placeholder="example.com"
          value={form.values.domain}
          error={form.errorOf('domain')}
          onChange={event => form.set('domain', event.target.value)}
        />
        <Field
          label="Selector (optional)"
          className="w-40"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          placeholder="posthorn"
          value={form.values.selector}
          error={form.errorOf('selector')}
          onChange={event => form.set('selector', event.target.value)}
        />
        <Button type="submit" look="primary" className="mt-6.5 h-9" busy={form.busy}>
          Add domain
        </Button>
      </div>
    </form>
  )
}
