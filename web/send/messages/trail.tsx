import {
  BellOff,
  CircleAlert,
  CircleHelp,
  Clock,
  Eye,
  Hourglass,
  Inbox,
  ListPlus,
  type LucideIcon,
  MailX,
  MousePointerClick,
  PackageOpen,
  RotateCcw,
  Send,
  ShieldAlert,
  SkipForward,
  UserCheck,
} from 'lucide-react'
import type { TrailStepWire } from '../../calls/deliveries.ts'
import { classes } from '../../ui/classes.ts'
import { exactTime, readableTime } from '../../ui/time.ts'

const ICONS: Record<TrailStepWire['kind'], LucideIcon> = {
  created: ListPlus,
  waiting: Clock,
  claimed: PackageOpen,
  attempt: RotateCcw,
  sent: Send,
  failed: CircleAlert,
  skipped: SkipForward,
  ambiguous: CircleHelp,
  delivered: Inbox,
  opened: Eye,
  clicked: MousePointerClick,
  bounced: MailX,
  deferred: Hourglass,
  complained: ShieldAlert,
  unsubscribed: BellOff,
  resubscribed: UserCheck,
}

const BAD = new Set<TrailStepWire['kind']>(['failed', 'bounced', 'complained'])
const GOOD = new Set<TrailStepWire['kind']>(['sent', 'delivered', 'opened', 'clicked', 'resubscribed'])

/** What happened to a mail from the beginning, so that "why did they not get it" has an answer. */
export function Trail({ steps }: { steps: readonly TrailStepWire[] }) {
  return (
    <section aria-label="What became of it" className="flex flex-col gap-4">
      <h2 className="font-semibold">What became of it</h2>
      {steps.length === 0 && <p className="text-soft">Nothing has happened yet.</p>}
      <ol aria-label="What became of it" className="flex flex-col">
        {steps.map((step, index) => {
          const { kind, at, text } = step
          const Icon = ICONS[kind] ?? Clock
          return (
            <li key={index} className="group/step relative flex gap-3 pb-5 last:pb-0">
              <span className="absolute top-8 bottom-0 left-[0.9375rem] w-px bg-line group-last/step:hidden" />
              <span
                className={classes(
                  'z-1 flex size-8 shrink-0 items-center justify-center rounded-full border bg-ground',
                  BAD.has(kind)
                    ? 'border-danger text-danger'
                    : GOOD.has(kind)
                      ? 'border-line text-good'
                      : 'border-line text-soft',
                )}
              >
                <Icon size={15} aria-hidden />
              </span>
              <div className="flex min-w-0 grow flex-col gap-1 pt-1.5 [overflow-wrap:anywhere]">
                <span className="text-body">{text}</span>
                <Detail step={step} />
                {at && (
                  <time dateTime={at} title={exactTime(at)} className="text-small text-faint">
                    {readableTime(at)}
                  </time>
                )}
              </div>
            </li>
          )
        })}
      </ol>
    </section>
  )
}

const WORDS: Record<string, string> = {
  ip: 'From',
  user_agent: 'Program',
  url: 'Link',
  diagnostic: 'Server',
  answer: 'Server',
  code: 'Code',
  enhanced: 'Enhanced code',
  source: 'Told by',
  reasons: 'Because',
}

/** What the sentence leaves out, as it is: the other server's words are worth more than ours. */
/** Who told of it, where that is not plain from what happened; providers are called by their names. */
const SOURCES: Record<string, string> = {
  dsn: 'a bounce mail',
  arf: 'a complaint mail',
  'hand-over': '',
  smtp: '',
  pixel: '',
  link: '',
  page: '',
}

/** Said by the sentence, or shown by itself. */
const HIDDEN = new Set(['verdict', 'raw'])

function Detail({ step: { text, detail } }: { step: TrailStepWire }) {
  const pairs = Object.entries(detail).flatMap(([key, value]) => {
    const shown = key === 'source' ? (SOURCES[String(value)] ?? String(value)) : asText(value)
    const said = HIDDEN.has(key) || typeof value === 'boolean' || text.includes(shown)
    return shown && !said ? [[key, shown] as const] : []
  })
  const { raw } = detail
  if (pairs.length === 0 && !raw) return null
  return (
    <div className="flex flex-col gap-1 rounded-control bg-sunk px-2.5 py-1.5 text-small">
      <dl className="flex flex-col gap-0.5 empty:hidden">
        {pairs.map(([key, value]) => (
          <div key={key} className="[overflow-wrap:anywhere]">
            <dt className="inline text-faint">{WORDS[key] ?? sentenceCase(key)} </dt>
            <dd className="inline font-mono text-soft">{value}</dd>
          </div>
        ))}
      </dl>
      {Boolean(raw) && (
        <details>
          <summary className="reach w-fit rounded-tight text-soft hover:text-ink">As it was reported</summary>
          <pre tabIndex={0} className="mt-1 max-h-60 overflow-auto font-mono whitespace-pre-wrap text-soft">
            {typeof raw === 'string' ? raw : JSON.stringify(raw, null, 2)}
          </pre>
        </details>
      )}
    </div>
  )
}

function asText(value: unknown): string {
  if (value === null || value === undefined || value === '') return ''
  if (Array.isArray(value)) return value.map(asText).filter(Boolean).join(', ')
  if (typeof value === 'object') return JSON.stringify(value)
  return String(value)
}

function sentenceCase(key: string): string {
  const words = key.replaceAll('_', ' ')
  return `${words[0]?.toUpperCase() ?? ''}${words.slice(1)}`
}
