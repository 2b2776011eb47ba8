import { useQuery } from '@tanstack/react-query'
import { Globe, Pencil, Trash2 } from 'lucide-react'
import {
  addCorsDomain,
  changeCorsDomain,
  type CorsDomain,
  corsDomainsQuery,
  deleteCorsDomain,
} from '../calls/cors-domains.ts'
import { NameDialog } from '../frame/name-dialog.tsx'
import { Section } from '../frame/page.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { confirmed, showDialog } from '../ui/dialogs.tsx'
import { Field, FormError } from '../ui/field.tsx'
import { toast, toastFailure } from '../ui/toasts.tsx'
import { useForm } from '../ui/use-form.ts'

export function CorsSection() {
  const domains = useQuery(corsDomainsQuery)
  const form = useForm({ domain: '' }, async ({ domain }) => {
    await addCorsDomain(domain.trim())
    form.set('domain', '')
  })
  return (
    <Section
      title="CORS domains"
      about="Web pages on these domains may call the API from the browser, with a token of yours."
    >
      <form onSubmit={form.submit} className="flex flex-col gap-3">
        <FormError>{form.error}</FormError>
        <div className="flex items-start gap-3">
          <Field
            label="Domain"
            placeholder="app.example.com"
            className="min-w-0 grow"
            autoComplete="off"
            spellCheck={false}
            required
            value={form.values.domain}
            error={form.errorOf('domain')}
            onChange={event => form.set('domain', event.target.value)}
          />
          <Button type="submit" className="mt-6.5 h-9" busy={form.busy}>
            Add domain
          </Button>
        </div>
      </form>
      {domains.isError && (
        <>
          <FormError>{domains.error.message}</FormError>
          <Button className="self-start" onClick={() => void domains.refetch()}>
            Try again
          </Button>
        </>
      )}
      {domains.data && domains.data.length > 0 && (
        <ul aria-label="CORS domains" className="rounded-card border border-line">
          {domains.data.map(domain => (
            <li
              key={domain.id}
              className="flex items-center gap-3 border-b border-line py-1.5 pr-2 pl-3 last:border-0"
            >
              <Globe size={16} className="shrink-0 text-faint" aria-hidden />
              <span className="min-w-0 grow [overflow-wrap:anywhere]">{domain.domain}</span>
              <IconButton label={`Change ${domain.domain}`} onClick={() => change(domain)}>
                <Pencil size={15} aria-hidden />
              </IconButton>
              <IconButton
                label={`Delete ${domain.domain}`}
                className="hover:text-danger"
                onClick={() => void remove(domain)}
              >
                <Trash2 size={15} aria-hidden />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function change({ id, domain }: CorsDomain): void {
  showDialog(close => (
    <NameDialog
      title="Change domain"
      label="Domain"
      field="domain"
      value={domain}
      action="Change"
      onClose={close}
      save={next => changeCorsDomain(id, next)}
    />
  ))
}

async function remove({ id, domain }: CorsDomain): Promise<void> {
  const sure = await confirmed({
    title: `Delete ${domain}?`,
    text: 'Pages on it can no longer call the API from the browser.',
    action: 'Delete domain',
    danger: true,
  })
  if (!sure) return
  await deleteCorsDomain(id).then(
    () => toast('Domain deleted.'),
    error => toastFailure('Not deleted.', error),
  )
}
