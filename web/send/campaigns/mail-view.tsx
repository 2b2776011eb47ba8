import { ImageOff, Moon, Sun } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { CampaignPreview } from '../../calls/campaigns.ts'
import { useSession } from '../../calls/session.ts'
import { IconButton } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { counted, readableSize } from '../../ui/size.ts'
import { createStore } from '../../ui/store.ts'
import { PersonPicker } from '../templates/editor/person.tsx'
import { Segments } from '../templates/editor/segments.tsx'
import { forFrame } from '../templates/frame-html.ts'
import { MailFrame } from '../templates/mail-frame.tsx'
import { useInlinePictures } from './use-inline-pictures.ts'

type Width = '360' | '600' | 'full'

// Kept while one goes from screen to screen.
const widths = createStore<Width>('full')
const dark = createStore(false)

interface MailViewProps {
  campaignId: number | null
  /** Null: there is nothing to be seen yet. */
  mail:
    | (Pick<CampaignPreview, 'html' | 'text' | 'subject' | 'size' | 'from'> & Partial<CampaignPreview>)
    | null
  preheader: string
  busy: boolean
  failure: Error | null
}

/** The mail as it will arrive: to whom, at which width, in light or dark; as HTML, as plain text, with its headers. */
export function MailView({ campaignId, mail, preheader, busy, failure }: MailViewProps) {
  const { server } = useSession()
  const [part, setPart] = useState<'html' | 'text' | 'headers'>('html')
  const width = widths.use()
  const isDark = dark.use()
  const html = useInlinePictures(campaignId, mail?.html ?? '')
  const remote = useMemo(
    () => (html ? forFrame(html, server.public_url).remote : 0),
    [html, server.public_url],
  )
  const headers = mail?.headers
  const sender = mail?.from.name || mail?.from.email || 'No sender yet'
  return (
    <section aria-label="Preview" className="flex min-h-0 min-w-0 grow flex-col">
      <div className="flex min-h-11 shrink-0 flex-wrap items-center gap-1.5 border-b border-line px-3 py-1">
        <Segments
          label="Part"
          value={part}
          onChange={setPart}
          choices={[
            { value: 'html', label: 'HTML' },
            { value: 'text', label: 'Text' },
            ...(headers ? [{ value: 'headers' as const, label: 'Headers' }] : []),
          ]}
        />
        <Segments
          label="Width"
          value={width}
          onChange={widths.set}
          choices={[
            { value: '360', label: '360' },
            { value: '600', label: '600' },
            { value: 'full', label: 'Full' },
          ]}
          className="max-sm:hidden"
        />
        <IconButton
          label={isDark ? 'Preview in light' : 'Preview in dark'}
          pressed={isDark}
          onClick={() => dark.set(!isDark)}
        >
          {isDark ? <Moon size={15} aria-hidden /> : <Sun size={15} aria-hidden />}
        </IconButton>
        <span className="ml-auto flex min-w-0 items-center">
          <PersonPicker />
        </span>
      </div>
      <div className="flex shrink-0 items-center gap-3 border-b border-line px-4 py-2">
        <span
          aria-hidden
          className="flex size-8 shrink-0 items-center justify-center rounded-full bg-hover font-semibold text-soft"
        >
          {[...sender.trim()][0]?.toUpperCase()}
        </span>
        <div className="min-w-0 grow">
          <div className="flex min-w-0 items-baseline gap-1.5">
            <span dir="auto" className="truncate font-medium">
              {sender}
            </span>
            {mail?.from.name && mail.from.email && (
              <span className="min-w-0 truncate text-small text-faint max-sm:hidden">{mail.from.email}</span>
            )}
          </div>
          <div className="truncate text-left">
            <span dir="auto">{mail?.subject || <span className="text-faint">No subject yet</span>}</span>
            {preheader && <span className="text-faint"> – {preheader}</span>}
          </div>
        </div>
      </div>
      <div aria-busy={busy} className="relative flex min-h-0 grow justify-center bg-sunk">
        {part === 'html' ? (
          mail && (
            <MailFrame
              html={html}
              title="The mail as HTML"
              dark={isDark}
              className={classes(
                'h-full max-w-full shrink-0',
                width === 'full' ? 'w-full' : 'border-x border-line-strong',
                width === '360' && 'w-[360px]',
                width === '600' && 'w-[600px]',
              )}
            />
          )
        ) : (
          <div
            // Scrolled by keyboard.
            tabIndex={0}
            role="region"
            aria-label={part === 'text' ? 'Text part' : 'Headers'}
            className="inset-focus size-full overflow-auto bg-ground p-4"
          >
            {part === 'text' ? (
              <pre dir="auto" className="font-mono text-base whitespace-pre-wrap [overflow-wrap:anywhere]">
                {mail?.text}
              </pre>
            ) : (
              <dl className="grid gap-x-4 gap-y-1 font-mono text-small sm:grid-cols-[auto_minmax(0,1fr)]">
                {headers?.map(([name, value], index) => (
                  <div key={index} className="contents">
                    <dt className="text-faint">{name}</dt>
                    <dd className="[overflow-wrap:anywhere] max-sm:mb-1.5">{value}</dd>
                  </div>
                ))}
              </dl>
            )}
          </div>
        )}
      </div>
      <div className="flex min-h-8 shrink-0 items-center gap-3 border-t border-line px-3 text-small text-faint tabular-nums">
        {mail && <span>{readableSize(mail.size)}</span>}
        {remote > 0 && (
          <span className="flex min-w-0 items-center gap-1.5">
            <ImageOff size={13} className="shrink-0" aria-hidden />
            <span className="truncate">
              {counted(remote, 'picture')} of other servers {remote === 1 ? 'is' : 'are'} not fetched here
            </span>
          </span>
        )}
        {failure && (
          <span role="status" className="ml-auto truncate text-danger">
            {failure.message}
          </span>
        )}
      </div>
    </section>
  )
}
