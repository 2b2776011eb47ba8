import {
  BadgeCheck,
  Eye,
  FileUp,
  type LucideIcon,
  MailQuestion,
  MousePointerClick,
  Pencil,
  Send,
  Settings2,
  StickyNote,
  Tag,
  Tags,
  TextCursorInput,
  ToggleRight,
  UserPlus,
} from 'lucide-react'
import type { ReactNode } from 'react'
import type { TimelineEventWire } from '../../../server/send/api/subscribers-wire.ts'
import type { FieldWire } from '../../calls/fields.ts'
import { REASONS, StatusBadge } from '../status.tsx'
import { TagChip } from '../tag-chip.tsx'

interface Told {
  icon: LucideIcon
  words: ReactNode
  more?: ReactNode
}

const ADDED: Record<string, string> = {
  api: 'Added by API',
  web: 'Added by hand',
  form: 'Added through a form',
  import: 'Added by an import',
}

/** An event in words. */
export function toldEvent({ kind, detail }: TimelineEventWire, fields: readonly FieldWire[]): Told {
  const tags = () => <Names names={(detail.tags as string[] | undefined) ?? []} />
  const changes = () => <Changes changes={detail.changes} fields={fields} />
  const campaign = () => <b className="font-medium">{nameIn(detail.campaign)}</b>
  switch (kind) {
    case 'added':
      return { icon: UserPlus, words: ADDED[String(detail.source)] ?? 'Added' }
    case 'changed':
      return { icon: Pencil, words: 'Changed', more: changes() }
    case 'tagged':
      return { icon: Tag, words: <>Tagged {tags()}</> }
    case 'untagged':
      return { icon: Tags, words: <>Tag taken away: {tags()}</> }
    case 'status':
      return { icon: ToggleRight, words: <Status detail={detail} /> }
    case 'note':
      return {
        icon: StickyNote,
        words: (
          <span className="block rounded-card bg-brass-wash px-3 py-2 whitespace-pre-wrap" dir="auto">
            {String(detail.text ?? '')}
          </span>
        ),
      }
    case 'imported':
      return {
        icon: FileUp,
        words: (
          <>
            Imported from <bdi className="font-medium">{String(detail.name ?? 'a file')}</bdi>
          </>
        ),
        more: detail.changes ? changes() : undefined,
      }
    case 'signed_up':
      return {
        icon: TextCursorInput,
        words: (
          <>
            Signed up through <bdi className="font-medium">{nameIn(detail.form)}</bdi>
          </>
        ),
      }
    case 'confirmation_sent':
      return { icon: MailQuestion, words: 'Was asked by mail to confirm' }
    case 'confirmed':
      return { icon: BadgeCheck, words: 'Confirmed the address' }
    case 'preferences_changed':
      return {
        icon: Settings2,
        words: 'Changed their preferences',
        more: detail.changes ? changes() : undefined,
      }
    case 'sent':
      return { icon: Send, words: <>Got {campaign()}</> }
    case 'opened':
      return { icon: Eye, words: <>Opened {campaign()}</> }
    case 'clicked':
      return { icon: MousePointerClick, words: <>Clicked in {campaign()}</> }
    default:
      return { icon: Pencil, words: String(kind).replaceAll('_', ' ') }
  }
}

function nameIn(thing: unknown): string {
  if (typeof thing === 'string') return thing
  const name = (thing as { name?: unknown } | null | undefined)?.name
  return typeof name === 'string' ? name : 'something that is gone'
}

function Names({ names }: { names: string[] }) {
  return (
    <span className="inline-flex flex-wrap gap-1 align-middle">
      {names.map(name => (
        <TagChip key={name} name={name} />
      ))}
    </span>
  )
}

function Status({ detail }: { detail: Record<string, unknown> }) {
  const { from, to, reason } = detail as {
    from: Parameters<typeof StatusBadge>[0]['status'] | null
    to: Parameters<typeof StatusBadge>[0]['status']
    reason: keyof typeof REASONS | null
  }
  return (
    <span className="inline-flex flex-wrap items-center gap-1.5">
      {from && (
        <>
          <StatusBadge status={from} /> to
        </>
      )}
      <StatusBadge status={to} />
      {reason && REASONS[reason]}
    </span>
  )
}

const OWN_NAMES: Record<string, string> = {
  email: 'Email',
  first_name: 'First name',
  last_name: 'Last name',
  status: 'Status',
}

function Changes({ changes, fields }: { changes: unknown; fields: readonly FieldWire[] }) {
  const pairs = Object.entries((changes ?? {}) as Record<string, [unknown, unknown]>)
  return (
    <dl className="flex flex-col gap-0.5 text-soft [overflow-wrap:anywhere]">
      {pairs.map(([key, [before, after]]) => (
        <div key={key} className="flex flex-wrap gap-x-1.5">
          <dt>{OWN_NAMES[key] ?? fields.find(field => field.key === key)?.label ?? key}:</dt>
          <dd>
            {isSet(before) && (
              <>
                <span className="line-through decoration-control">{shown(before)}</span>{' '}
                <span aria-hidden>→</span>
                <span className="sr-only">to</span>{' '}
              </>
            )}
            <span className="text-ink">{isSet(after) ? shown(after) : 'not set'}</span>
          </dd>
        </div>
      ))}
    </dl>
  )
}

function isSet(value: unknown): boolean {
  return value !== null && value !== undefined && value !== ''
}

function shown(value: unknown): string {
  if (value === true) return 'Yes'
  if (value === false) return 'No'
  return Array.isArray(value) ? value.join(', ') : String(value)
}
