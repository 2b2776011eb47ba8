import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { ArrowLeft, Send, Trash2 } from 'lucide-react'
import { lazy, useState } from 'react'
import { CallError } from '../../calls/http.ts'
import {
  deleteEmailService,
  type EmailServiceWire,
  emailServicesQuery,
  type ServiceTypeWire,
} from '../../calls/email-services.ts'
import { mayChange, useSession } from '../../calls/session.ts'
import { Page, Section } from '../../frame/page.tsx'
import { Button, buttonClasses } from '../../ui/button.tsx'
import { confirmed, showDialog } from '../../ui/dialogs.tsx'
import { useDocumentTitle } from '../../ui/document-title.ts'
import { counted } from '../../ui/size.ts'
import { State } from '../../ui/state.tsx'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { ListBreathing, ListFailed } from '../list-failed.tsx'
import { refusal } from './refusal.ts'
import { ServiceForm } from './service-form.tsx'
import { lookOf } from './service-types.ts'
import { DownWhy, ServiceState } from './services.tsx'
import { TypePicker } from './type-picker.tsx'
import { WebhookSection } from './webhook-section.tsx'

const TestDialog = lazy(() => import('./test-dialog.tsx').then(module => ({ default: module.TestDialog })))

function Back() {
  return (
    <Link to="/email-services" className={buttonClasses('quiet', '-ml-2 px-2')}>
      <ArrowLeft size={15} aria-hidden />
      Email services
    </Link>
  )
}

export function NewService() {
  useDocumentTitle('New email service')
  const query = useQuery(emailServicesQuery)
  const navigate = useNavigate()
  const [type, setType] = useState<ServiceTypeWire>()
  return (
    <Page title="New email service" back={<Back />}>
      {query.isPending && <ListBreathing />}
      {query.isError && !query.data && (
        <ListFailed what="The kinds of services" error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.data && (
        <>
          <TypePicker types={query.data.types} chosen={type?.id} onChoose={setType} />
          {type && (
            <ServiceForm
              key={type.id}
              type={type}
              services={query.data.services}
              onDone={({ id, name }) => {
                toast(`“${name}” is ready. Send a test through it.`)
                void navigate({ to: '/email-services/$serviceId', params: { serviceId: id }, replace: true })
              }}
            />
          )}
        </>
      )}
    </Page>
  )
}

export function ServicePage() {
  const { serviceId } = useParams({ from: '/frame/email-services/$serviceId' })
  const change = mayChange(useSession().workspace?.role)
  const query = useQuery(emailServicesQuery)
  const navigate = useNavigate()
  const service = query.data?.services.find(({ id }) => id === serviceId)
  const type = query.data?.types.find(({ id }) => id === service?.type_id)
  useDocumentTitle(service?.name ?? 'Email service')

  if (!service || !type || !query.data) {
    if (query.isPending)
      return (
        <Page title="Email service" back={<Back />}>
          <ListBreathing />
        </Page>
      )
    return (
      <State
        whole
        urgent
        title={query.data ? 'This email service is not here' : 'The email service could not be loaded'}
        actions={
          query.data ? (
            <Link to="/email-services" className={buttonClasses()}>
              All email services
            </Link>
          ) : (
            <Button onClick={() => void query.refetch()}>Try again</Button>
          )
        }
      >
        {query.data ? 'It was deleted, or belongs to another workspace.' : query.error?.message}
      </State>
    )
  }
  const look = lookOf(type.id, type.name)
  const remove = async () => {
    if (await removed(service)) void navigate({ to: '/email-services', replace: true })
  }
  return (
    <Page title={service.name} back={<Back />}>
      <div className="-mt-5 flex flex-col gap-3">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <ServiceState state={service.state} />
          <span className="grow text-soft">
            {look.name} ·{' '}
            {service.campaigns === 0
              ? 'used by no campaign'
              : `used by ${counted(service.campaigns, 'campaign')}`}
          </span>
          {change && (
            <Button onClick={() => showDialog(close => <TestDialog service={service} onClose={close} />)}>
              <Send size={14} aria-hidden />
              Send a test
            </Button>
          )}
        </div>
        {!service.state.up && (
          <div className="-ml-7">
            <DownWhy state={service.state} />
          </div>
        )}
      </div>
      <ServiceForm
        key={service.id}
        type={type}
        service={service}
        services={query.data.services}
        readOnly={!change}
        onDone={({ name }) => toast(`“${name}” is saved.`)}
      />
      {service.webhook_url && look.webhook && (
        <WebhookSection url={service.webhook_url} steps={look.webhook} provider={look.name} />
      )}
      {change && (
        <Section
          title="Delete"
          about="A service that a campaign uses, or has used, stays: its report names it."
        >
          <Button className="self-start hover:text-danger" onClick={() => void remove()}>
            <Trash2 size={14} aria-hidden />
            Delete email service
          </Button>
        </Section>
      )}
    </Page>
  )
}

async function removed({ id, name }: EmailServiceWire): Promise<boolean> {
  const sure = await confirmed({
    title: `Delete “${name}”?`,
    text: 'Its settings and keys are gone for good.',
    action: 'Delete email service',
    danger: true,
  })
  if (!sure) return false
  try {
    await deleteEmailService(id)
    toast(`“${name}” is deleted.`)
    return true
  } catch (error) {
    toastFailure('', error instanceof CallError ? new Error(refusal(error)) : error)
    return false
  }
}
