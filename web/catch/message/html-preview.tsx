import { ImageOff, Monitor, Moon, Smartphone, Sun, Tablet } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { MessageSummary } from '../../../server/catch/api/wire.ts'
import { messagePath } from '../../calls/messages.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { counted } from '../../ui/size.ts'
import { createStore } from '../../ui/store.ts'
import { useInboxPlace } from '../inbox-place.ts'
import { type Device, fitted } from './fitted.ts'

// Kept while one goes from message to message.
const device = createStore<Device | null>(null)
const dark = createStore(false)

const DEVICES: { device: Device; label: string; icon: typeof Monitor }[] = [
  { device: 'desktop', label: 'Desktop', icon: Monitor },
  { device: 'tablet', label: 'Tablet', icon: Tablet },
  { device: 'phone', label: 'Phone', icon: Smartphone },
]

/**
 * The HTML as mail programs show it. The frame may run nothing and has an origin of its own, so the page around it
 * is out of its reach; it can only be given another address, never be looked into.
 */
export function HtmlPreview({ message, remoteContent }: { message: MessageSummary; remoteContent: number }) {
  const { inboxId } = useInboxPlace()
  const [remote, setRemote] = useState(false)
  const [loaded, setLoaded] = useState(false)
  const stage = useRef<HTMLDivElement>(null)
  const room = useRoom(stage)
  const isDark = dark.use()
  const chosen = device.use() ?? (room && room.width < 600 ? 'phone' : 'desktop')
  const frame = room && fitted(chosen, room)

  return (
    <>
      <div className="flex h-11 shrink-0 items-center gap-1 border-b border-line px-3 lg:px-4">
        <div role="group" aria-label="Width" className="flex gap-0.5 rounded-control bg-hover p-0.5">
          {DEVICES.map(({ device: name, label, icon: Icon }) => (
            <button
              key={name}
              type="button"
              aria-pressed={chosen === name}
              onClick={() => device.set(name)}
              title={`Width: ${label}`}
              className={classes(
                'reach inline-flex h-6.5 items-center gap-1.5 rounded-[5px] px-2 text-small font-medium',
                chosen === name ? 'bg-raised text-ink shadow-rise' : 'text-soft hover:text-ink',
              )}
            >
              <Icon size={14} aria-hidden />
              <span className={chosen === name ? '' : 'max-sm:sr-only'}>{label}</span>
            </button>
          ))}
        </div>
        {frame && (
          <span className="ml-2 truncate text-small text-faint tabular-nums">
            {frame.width} px{frame.scale < 1 && `, at ${Math.round(frame.scale * 100)} %`}
          </span>
        )}
        <IconButton
          label={isDark ? 'Preview in light' : 'Preview in dark'}
          className="ml-auto"
          pressed={isDark}
          onClick={() => dark.set(!isDark)}
        >
          {isDark ? <Moon size={16} aria-hidden /> : <Sun size={16} aria-hidden />}
        </IconButton>
      </div>
      {remoteContent > 0 && (
        <div className="flex min-h-10 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-brass-wash px-3 py-1 lg:px-4">
          <ImageOff size={15} className="shrink-0 text-brass-text" aria-hidden />
          <span className="min-w-0 grow">
            {remote
              ? 'Remote content is loaded. Its servers can see that you opened this.'
              : `${counted(remoteContent, 'remote image')} ${remoteContent === 1 ? 'is' : 'are'} blocked.`}
          </span>
          {!remote && (
            <Button className="h-7" onClick={() => setRemote(true)}>
              Load remote images
            </Button>
          )}
        </div>
      )}
      <div
        ref={stage}
        className={classes('relative min-h-0 grow overflow-hidden', frame?.framed && 'bg-sunk')}
      >
        {frame && (
          <div
            style={{
              width: frame.width,
              height: frame.height,
              transform: `translateX(-50%) scale(${frame.scale})`,
            }}
            className={classes(
              'absolute top-0 left-1/2 box-content origin-top border-line',
              frame.framed && 'border-x',
            )}
          >
            <iframe
              key={String(remote)}
              src={`${messagePath(inboxId, message.id)}/html?remote=${remote ? 1 : 0}`}
              title={`HTML of the message ${message.subject}`}
              sandbox="allow-popups allow-popups-to-escape-sandbox"
              referrerPolicy="no-referrer"
              onLoad={() => setLoaded(true)}
              style={{
                // `prefers-color-scheme` inside a frame is the scheme of the frame's element.
                colorScheme: isDark ? 'dark' : 'light',
                background: isDark ? '#1b1b1b' : '#ffffff',
              }}
              className={classes('size-full transition-opacity duration-100', !loaded && 'opacity-0')}
            />
          </div>
        )}
      </div>
    </>
  )
}

function useRoom(stage: { current: HTMLElement | null }) {
  const [room, setRoom] = useState<{ width: number; height: number } | null>(null)
  useEffect(() => {
    const element = stage.current
    if (!element) return
    const observer = new ResizeObserver(() =>
      setRoom({ width: element.clientWidth, height: element.clientHeight }),
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [stage])
  return room
}
