import { useNavigate } from '@tanstack/react-router'
import { ChevronRight, ExternalLink } from 'lucide-react'
import { useState } from 'react'
import type { ClientGroups, HtmlRule } from '../../../../server/catch/api/wire.ts'
import { counted } from '../../../ui/size.ts'
import { wantedLine } from '../wanted-line.ts'

const GROUPS = [
  ['desktop', 'Desktop'],
  ['mobile', 'Mobile'],
  ['web', 'Web'],
] as const

/** Lines that are offered at first. */
const FEW = 12

export function HtmlRuleEntry({ rule, id }: { rule: HtmlRule; id: number }) {
  const { title, url, none, partial } = rule
  const lacking = size(none)
  const half = size(partial)
  return (
    <details className="group">
      <summary className="inset-focus flex list-none items-start gap-2 py-2 hover:bg-hover pointer-coarse:py-3 [&::-webkit-details-marker]:hidden">
        <ChevronRight
          size={16}
          className="mt-0.5 shrink-0 text-faint transition-transform duration-100 group-open:rotate-90"
          aria-hidden
        />
        <span className="flex min-w-0 grow flex-wrap items-baseline gap-x-3">
          <span className="font-mono text-base font-medium [overflow-wrap:anywhere]">{title}</span>
          <span className="text-small text-soft">
            {lacking > 0 && <span className="text-danger">not in {counted(lacking, 'program')}</span>}
            {lacking > 0 && half > 0 && ', '}
            {half > 0 && `in part in ${lacking > 0 ? half : counted(half, 'program')}`}
          </span>
        </span>
        <span className="shrink-0 text-small text-faint tabular-nums">
          {rule.count === 1 ? `line ${rule.lines[0]}` : counted(rule.count, 'line')}
        </span>
      </summary>
      <div className="flex flex-col gap-3 pt-1 pb-4 pl-6">
        <Lines rule={rule} id={id} />
        <Programs title="Not supported" groups={none} />
        <Programs title="In part" groups={partial} />
        <a
          href={url}
          target="_blank"
          rel="noopener noreferrer"
          className="inline-flex items-center gap-1 self-start text-small text-brass-text underline underline-offset-2"
        >
          What exactly <span className="sr-only">about {title}</span>
          <ExternalLink size={12} aria-hidden />
        </a>
      </div>
    </details>
  )
}

function Lines({ rule: { title, lines, count }, id }: { rule: HtmlRule; id: number }) {
  const navigate = useNavigate()
  const [all, setAll] = useState(false)
  const shown = all ? lines : lines.slice(0, FEW)
  const jump = (line: number) => {
    wantedLine.set({ id, line })
    void navigate({ to: '.', search: (now: object) => ({ ...now, tab: 'source' as const }) })
  }
  return (
    <div className="flex flex-wrap items-center gap-1.5 text-small">
      <span className="text-faint">{count === 1 ? 'Line' : 'Lines'}</span>
      {shown.map(line => (
        <button
          key={line}
          type="button"
          onClick={() => jump(line)}
          aria-label={`${title}: show line ${line} of the HTML source`}
          className="reach min-w-6 rounded-tight border border-line-strong bg-raised px-1.5 py-0.5 tabular-nums hover:bg-hover"
        >
          {line}
        </button>
      ))}
      {lines.length > shown.length && (
        <button
          type="button"
          onClick={() => setAll(true)}
          className="reach rounded-tight px-1.5 py-0.5 text-brass-text underline underline-offset-2"
        >
          {lines.length - shown.length} more
        </button>
      )}
      {all && count > lines.length && (
        <span className="text-faint">and {counted(count - lines.length, 'line')} beyond</span>
      )}
    </div>
  )
}

function Programs({ title, groups }: { title: string; groups: ClientGroups }) {
  if (size(groups) === 0) return null
  return (
    <div>
      <h3 className="mb-1 text-small font-semibold">{title}</h3>
      <dl className="grid grid-cols-[4.5rem_1fr] gap-x-3 gap-y-1 text-small">
        {GROUPS.map(
          ([group, name]) =>
            groups[group] && (
              <div key={group} className="contents">
                <dt className="text-faint">{name}</dt>
                <dd className="text-pretty text-soft">{groups[group].join(', ')}</dd>
              </div>
            ),
        )}
      </dl>
    </div>
  )
}

function size({ desktop = [], mobile = [], web = [] }: ClientGroups): number {
  return desktop.length + mobile.length + web.length
}
