import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CircleAlert, CircleCheck, Plus, Server } from 'lucide-react'
import { type EmailServiceWire, emailServicesQuery } from '../../calls/email-services.ts'
import { mayChange, useSession } from '../../calls/session.ts'
import { Page } from '../../frame/page.tsx'
import { buttonClasses } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { useDocumentTitle } from '../../ui/document-title.ts'
import { count, counted } from '../../ui/size.ts'
import { State } from '../../ui/state.tsx'
import { useNow } from '../../ui/time.ts'
import { ago } from '../ago.ts'
import { ListBreathing, ListFailed } from '../list-failed.tsx'
import { partOf } from '../percent.ts'
import { lookOf } from './service-types.ts'
import { allowedToday } from './warm-up-plan.ts'

/** The ways out, and how each of them is. */
export function Services() {
  useDocumentTitle('Email services')
  const change = mayChange(useSession().workspace?.role)
  const query = useQuery(emailServicesQuery)
  const services = query.data?.services ?? []
  const add = change && (
    <Link to="/email-services/new" className={buttonClasses('primary', 'self-start')}>
      <Plus size={14} aria-hidden />
      Add a service
    </Link>
  )
  return (
    <Page
      title="Email services"
      about="The ways your campaigns take out: a mail server, a provider, or one of your own inboxes to try things in."
    >
      <div className="flex flex-col gap-4">
        {services.length > 0 && add}
        {query.isPending && <ListBreathing />}
        {query.isError && !query.data && (
          <ListFailed what="The email services" error={query.error} onRetry={() => void query.refetch()} />
        )}
        {query.data && services.length === 0 && (
          <State
            picture={<Server size={32} strokeWidth={1.5} aria-hidden />}
            title="No email service yet"
            actions={add}
          >
            Campaigns need a way out. To look around, choose one of your own inboxes: then nothing leaves this
            server.
          </State>
        )}
        {services.length > 0 && (
          <ul aria-label="Email services" className="rounded-card border border-line">
            {services.map(service => (
              <Row key={service.id} service={service} services={services} />
            ))}
          </ul>
        )}
      </div>
    </Page>
  )
}

function Row({ service, services }: { service: EmailServiceWire; services: readonly EmailServiceWire[] }) {
  const { id, name, type, type_id, state, used, limits, campaigns, next_service_id } = service
  const look = lookOf(type_id, type)
  const next = services.find(other => other.id === next_service_id)
  const today = allowedToday(limits)
  return (
    <li className="relative flex flex-col gap-2 border-b border-line px-4 py-3 last:border-0 hover:bg-hover">
      <div className="flex items-start gap-3">
        <look.icon size={17} className="mt-0.5 shrink-0 text-faint" aria-hidden />
        <div className="flex min-w-0 grow flex-col">
          <Link
            to="/email-services/$serviceId"
            params={{ serviceId: id }}
            dir="auto"
            className="truncate text-left text-body font-medium before:absolute before:inset-0"
          >
            {name}
          </Link>
          <span className="truncate text-small text-soft">
            {look.name} ·{' '}
            {campaigns === 0 ? 'used by no campaign' : `used by ${counted(campaigns, 'campaign')}`}
            {next && <> · then {next.name}</>}
          </span>
        </div>
        <ServiceState state={state} />
      </div>
      {!state.up && <DownWhy state={state} />}
      <div className="flex flex-wrap gap-x-8 gap-y-1.5 pl-7 text-small">
        <Used label="today" used={used.day} limit={today} />
        <Used label="this hour" used={used.hour} limit={limits.per_hour} />
        {limits.per_second !== undefined && (
          <span className="text-faint tabular-nums">at most {count(limits.per_second)} a second</span>
        )}
      </div>
    </li>
  )
}

export function ServiceState({ state }: { state: EmailServiceWire['state'] }) {
  const Icon = state.up ? CircleCheck : CircleAlert
  return (
    <span
      className={classes(
        'inline-flex h-5 shrink-0 items-center gap-1 rounded-full px-2 text-small font-medium',
        state.up ? 'bg-good-wash text-good' : 'bg-danger-wash text-danger',
      )}
    >
      <Icon size={12} aria-hidden />
      {state.up ? 'Up' : 'Down'}
    </span>
  )
}

/** Since when, in whose words, and when it is tried again. */
export function DownWhy({ state: { down_since, down_reason, next_try } }: Pick<EmailServiceWire, 'state'>) {
  const now = useNow()
  return (
    <p className="ml-7 rounded-control bg-danger-wash px-3 py-1.5 text-danger [overflow-wrap:anywhere]">
      {down_since && <>Down since {ago(down_since, now)}. </>}
      {next_try && <>Next try {ago(next_try, now)}.</>}
      {down_reason && <span className="block font-mono text-small">{down_reason}</span>}
    </p>
  )
}

function Used({ label, used, limit }: { label: string; used: number; limit: number | undefined }) {
  const part = limit === undefined ? 0 : partOf(used, limit)
  return (
    <span className="flex items-center gap-2 text-soft tabular-nums">
      {limit !== undefined && (
        <span className="h-1.5 w-20 overflow-hidden rounded-full bg-line" aria-hidden>
          <span
            className={classes('block h-full rounded-full', part >= 1 ? 'bg-danger' : 'bg-brass-mark')}
            style={{ width: `${Math.min(1, part) * 100}%` }}
          />
        </span>
      )}
      {limit === undefined ? `${count(used)} ${label}` : `${count(used)} of ${count(limit)} ${label}`}
    </span>
  )
}
