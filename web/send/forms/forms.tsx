import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import {
  ExternalLink,
  MailWarning,
  MoreHorizontal,
  Pencil,
  Plus,
  TextCursorInput,
  Trash2,
} from 'lucide-react'
import type { FormWire } from '../../../server/send/api/forms-wire.ts'
import { deleteForm, formsQuery } from '../../calls/forms.ts'
import { mayChange, useSession } from '../../calls/session.ts'
import { Page } from '../../frame/page.tsx'
import { buttonClasses } from '../../ui/button.tsx'
import { confirmed } from '../../ui/dialogs.tsx'
import { useDocumentTitle } from '../../ui/document-title.ts'
import { Menu } from '../../ui/menu.tsx'
import { count } from '../../ui/size.ts'
import { State } from '../../ui/state.tsx'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { ListFailed } from '../list-failed.tsx'
import { LookSection } from './look-section.tsx'
import { CannotConfirm } from './cannot-confirm.tsx'

export function Forms() {
  useDocumentTitle('Sign-up forms')
  const { workspace } = useSession()
  const query = useQuery(formsQuery)
  const change = mayChange(workspace?.role)
  const forms = query.data?.forms
  return (
    <Page
      title="Sign-up forms"
      about="People sign up by themselves, on a page of yours or on one of ours, and confirm it by mail."
    >
      {query.data?.mails === false && <CannotConfirm />}
      {change && forms && forms.length > 0 && (
        <Link to="/forms/new" className={buttonClasses('primary', 'h-9 self-start')}>
          <Plus size={14} aria-hidden />
          New form
        </Link>
      )}
      {query.isPending && <div aria-busy="true" className="h-40 animate-breathe rounded-card bg-sunk" />}
      {query.isError && !forms && (
        <ListFailed what="The forms" error={query.error} onRetry={() => void query.refetch()} />
      )}
      {forms?.length === 0 && (
        <State
          picture={<TextCursorInput size={36} strokeWidth={1.5} />}
          title="No form yet"
          actions={
            change && (
              <Link to="/forms/new" className={buttonClasses('primary')}>
                Make the first one
              </Link>
            )
          }
        >
          It works on any site, without a script and without a token, and nobody can be signed up by somebody
          else.
        </State>
      )}
      {forms && forms.length > 0 && (
        <ul aria-label="Forms" className="rounded-card border border-line">
          {forms.map(form => (
            <Row key={form.id} form={form} change={change} closed={query.data?.mails === false} />
          ))}
        </ul>
      )}
      <LookSection change={change} />
    </Page>
  )
}

function Row({ form, change, closed }: { form: FormWire; change: boolean; closed: boolean }) {
  const { id, name, settings, counts, url } = form
  const navigate = useNavigate()
  const rate = counts.signed_up === 0 ? undefined : Math.round((100 * counts.confirmed) / counts.signed_up)
  return (
    <li className="flex items-center gap-4 border-b border-line py-2.5 pr-2 pl-4 last:border-0">
      <div className="flex min-w-0 grow flex-wrap items-center gap-x-6 gap-y-1">
        <div className="min-w-0 grow basis-56">
          <Link
            to="/forms/$formId"
            params={{ formId: id }}
            className="rounded-tight font-medium [overflow-wrap:anywhere] hover:underline"
          >
            {name}
          </Link>
          <p className="flex items-center gap-1.5 text-small text-soft">
            {settings.double_opt_in && closed ? (
              <>
                <MailWarning size={13} className="shrink-0 text-danger" aria-hidden />
                <span className="text-danger">Takes nobody: confirmations cannot be sent</span>
              </>
            ) : settings.double_opt_in ? (
              'Confirmed by mail'
            ) : (
              'Not confirmed by mail'
            )}
          </p>
        </div>
        <dl className="flex gap-5 text-small tabular-nums">
          <Number label="Shown" value={counts.shown} />
          <Number label="Signed up" value={counts.signed_up} />
          <Number
            label="Confirmed"
            value={counts.confirmed}
            after={rate === undefined ? '' : ` (${rate} %)`}
          />
        </dl>
      </div>
      <Menu
        label={`Form ${name}`}
        entries={[
          {
            label: change ? 'Edit' : 'Look at it',
            icon: Pencil,
            act: () => void navigate({ to: '/forms/$formId', params: { formId: id } }),
          },
          {
            label: 'Open its page',
            icon: ExternalLink,
            act: () => void window.open(url, '_blank', 'noopener'),
          },
          ...(change
            ? ['line' as const, { label: 'Delete', icon: Trash2, danger: true, act: () => void remove(form) }]
            : []),
        ]}
      >
        <MoreHorizontal size={17} aria-hidden />
      </Menu>
    </li>
  )
}

function Number({ label, value, after = '' }: { label: string; value: number; after?: string }) {
  return (
    <div className="min-w-16">
      <dt className="text-faint">{label}</dt>
      <dd className="font-medium">
        {count(value)}
        <span className="font-normal text-soft">{after}</span>
      </dd>
    </div>
  )
}

async function remove({ id, name }: FormWire): Promise<void> {
  const sure = await confirmed({
    title: `Delete the form “${name}”?`,
    text: 'Its page is gone at once, also where it is built into other sites. Whoever signed up stays.',
    action: 'Delete form',
    danger: true,
  })
  if (!sure) return
  await deleteForm(id).then(
    () => toast(`Deleted “${name}”.`),
    error => toastFailure('Not deleted.', error),
  )
}
