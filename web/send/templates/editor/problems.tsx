import { ChevronDown, CircleAlert, TriangleAlert } from 'lucide-react'
import { useId, useMemo, useState } from 'react'
import type { Rendered } from '../../../calls/templates.ts'
import { classes } from '../../../ui/classes.ts'
import { counted } from '../../../ui/size.ts'

interface ProblemsProps {
  rendered: Rendered | null
  /** Absent where there are no lines to go to. */
  onLine?: (line: number) => void
}

/** What keeps the mail from being made, and what its author should know; one line until it is opened. */
export function Problems({ rendered, onLine }: ProblemsProps) {
  const id = useId()
  const [open, setOpen] = useState(false)
  const errors = rendered?.errors ?? []
  const html = rendered?.html ?? ''
  const warnings = useMemo(() => [...(rendered?.warnings ?? []), ...withoutAlt(html)], [rendered, html])
  const none = errors.length + warnings.length === 0
  const shown = !none && (open || errors.length > 0)
  return (
    <div className="shrink-0 border-t border-line">
      <div role="status" className="sr-only">
        {errors[0] && `Error: ${errors[0].message}`}
      </div>
      <button
        type="button"
        disabled={none}
        aria-expanded={shown}
        aria-controls={id}
        onClick={() => setOpen(!open)}
        className="inset-focus flex h-8 w-full items-center gap-3 px-3 text-left text-small disabled:cursor-default"
      >
        {none && <span className="text-faint">{rendered ? 'No problems' : 'Looking…'}</span>}
        {errors.length > 0 && (
          <span className="flex items-center gap-1.5 font-medium text-danger">
            <CircleAlert size={13} aria-hidden />
            {counted(errors.length, 'error')}
          </span>
        )}
        {warnings.length > 0 && (
          <span className="flex items-center gap-1.5 font-medium text-brass-text">
            <TriangleAlert size={13} aria-hidden />
            {counted(warnings.length, 'warning')}
          </span>
        )}
        {!none && (
          <ChevronDown
            size={14}
            className={classes('ml-auto text-faint', !shown && 'rotate-180')}
            aria-hidden
          />
        )}
      </button>
      <ul id={id} hidden={!shown} className="max-h-36 overflow-y-auto px-1.5 pb-2">
        {errors.map(({ line, message }, index) => (
          <li key={index} className="text-danger">
            {line !== null && onLine ? (
              <button
                type="button"
                onClick={() => onLine(line)}
                className="inset-focus flex w-full gap-2 rounded-control px-1.5 py-0.5 text-left hover:bg-hover"
              >
                <span className="shrink-0 font-mono text-small tabular-nums">Line {line}</span>
                <span className="min-w-0 [overflow-wrap:anywhere]">{message}</span>
              </button>
            ) : (
              <span className="block px-1.5 py-0.5 [overflow-wrap:anywhere]">{message}</span>
            )}
          </li>
        ))}
        {warnings.map(warning => (
          <li key={warning} className="px-1.5 py-0.5 text-soft">
            {warning}
          </li>
        ))}
      </ul>
    </div>
  )
}

/** An empty alt text is an answer, too: the picture is decoration. None at all is not. */
function withoutAlt(html: string): string[] {
  const pictures = new DOMParser()
    .parseFromString(html, 'text/html')
    .querySelectorAll('img:not([alt])').length
  if (pictures === 0) return []
  return [`${counted(pictures, 'picture')} without alt text: many mail programs hide pictures at first`]
}
