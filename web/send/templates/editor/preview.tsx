import { ImageOff, Monitor, Moon, Smartphone, Sun } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useSession } from '../../../calls/session.ts'
import { IconButton } from '../../../ui/button.tsx'
import { classes } from '../../../ui/classes.ts'
import { counted, readableSize } from '../../../ui/size.ts'
import { createStore } from '../../../ui/store.ts'
import { forFrame } from '../frame-html.ts'
import { MailFrame } from '../mail-frame.tsx'
import { PersonPicker } from './person.tsx'
import type { Rendering } from './rendering.ts'
import { Segments } from './segments.tsx'

const phone = createStore(false)
const dark = createStore(false)

interface PreviewProps {
  rendering: Rendering
  subject: string
  onSubject: (subject: string) => void
}

/** The mail as it would arrive: to whom, at which width, in light or dark, as HTML or as plain text. */
export function Preview({ rendering, subject, onSubject }: PreviewProps) {
  const { server } = useSession()
  const [part, setPart] = useState<'html' | 'text'>('html')
  const narrow = phone.use()
  const isDark = dark.use()
  const { good, last, failure, busy } = rendering
  const remote = useMemo(
    () => (good ? forFrame(good.html, server.public_url).remote : 0),
    [good, server.public_url],
  )
  const broken = failure !== null || (last !== null && last !== good)
  return (
    <section aria-label="Preview" className="flex min-h-0 min-w-0 grow flex-col">
      <div className="flex h-11 shrink-0 items-center gap-1.5 border-b border-line px-3">
        <Segments
          label="Part"
          value={part}
          onChange={setPart}
          choices={[
            { value: 'html', label: 'HTML' },
            { value: 'text', label: 'Text' },
          ]}
        />
        <Segments
          label="Width"
          value={narrow ? 'phone' : 'desktop'}
          onChange={value => phone.set(value === 'phone')}
          choices={[
            { value: 'desktop', label: 'Desktop', icon: Monitor },
            { value: 'phone', label: 'Phone', icon: Smartphone },
          ]}
          iconsOnly
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
      <div className="flex h-9 shrink-0 items-center gap-2 border-b border-line px-3">
        <label className="flex min-w-0 grow items-center gap-2">
          <span className="shrink-0 text-faint">Subject</span>
          <input
            value={subject}
            placeholder="Only for the preview and tests"
            onChange={event => onSubject(event.target.value)}
            className="inset-focus h-7 min-w-0 grow rounded-control bg-transparent px-1.5 placeholder:text-faint hover:bg-hover focus:bg-ground"
          />
        </label>
        {last && subject.includes('{{') && (
          <span dir="auto" className="relative max-w-1/2 truncate font-medium">
            <span className="sr-only">As it arrives: </span>
            {last.subject}
          </span>
        )}
      </div>
      <div
        aria-busy={busy}
        className={classes('relative flex min-h-0 grow justify-center bg-sunk', broken && 'opacity-55')}
      >
        {part === 'text' ? (
          <pre
            // Scrolled by keyboard.
            tabIndex={0}
            role="region"
            aria-label="Text part"
            dir="auto"
            className="inset-focus size-full overflow-auto bg-ground p-5 font-mono text-base whitespace-pre-wrap [overflow-wrap:anywhere]"
          >
            {good?.text}
          </pre>
        ) : (
          good && (
            <MailFrame
              html={good.html}
              title="The mail as HTML"
              dark={isDark}
              className={classes(
                'h-full shrink-0',
                narrow ? 'w-[375px] max-w-full border-x border-line-strong' : 'w-full',
              )}
            />
          )
        )}
      </div>
      <div className="flex min-h-8 shrink-0 items-center gap-3 border-t border-line px-3 text-small text-faint tabular-nums">
        {good && <span>{readableSize(good.size)}</span>}
        {remote > 0 && (
          <span className="flex min-w-0 items-center gap-1.5">
            <ImageOff size={13} className="shrink-0" aria-hidden />
            <span className="truncate">
              {counted(remote, 'picture')} of other servers {remote === 1 ? 'is' : 'are'} not fetched here
            </span>
          </span>
        )}
        {broken && (
          <span role="status" className="ml-auto truncate text-danger">
            {failure ? failure.message : 'As it was before the error'}
          </span>
        )}
      </div>
    </section>
  )
}
