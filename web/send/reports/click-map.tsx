import { useEffect, useMemo, useRef, useState } from 'react'
import type { ClickMapWire } from '../../../server/send/api/reports-wire.ts'
import { useSession } from '../../calls/session.ts'
import { forFrame } from '../templates/frame-html.ts'
import { writeInto } from '../templates/mail-frame.tsx'

/** As wide as most mails are made. */
const MAIL_WIDTH = 640
/** Beyond it the frame scrolls. */
const MOST_HEIGHT = 1200

interface ClickMapProps {
  map: ClickMapWire
  /** The number of the link that is looked at. */
  pointed: number | undefined
  onPointed: (number: number | undefined) => void
}

/**
 * The mail with its links numbered, the warmer the more people clicked. As in every preview nothing runs in the frame,
 * so what is drawn over the mail is written into it from here.
 */
export function ClickMap({ map, pointed, onPointed }: ClickMapProps) {
  const { server } = useSession()
  const place = useRef<HTMLDivElement>(null)
  const frame = useRef<HTMLIFrameElement>(null)
  const [room, setRoom] = useState(MAIL_WIDTH)
  const [height, setHeight] = useState(480)
  const html = useMemo(() => numbered(map, server.public_url), [map, server.public_url])

  useEffect(() => {
    const element = place.current
    if (!element) return
    const watcher = new ResizeObserver(() => setRoom(element.clientWidth))
    watcher.observe(element)
    return () => watcher.disconnect()
  }, [])
  useEffect(() => {
    const inside = frame.current
    if (!inside) return
    writeInto(inside, html)
    const mail = inside.contentDocument
    if (!mail?.body) return
    setHeight(Math.min(MOST_HEIGHT, Math.max(240, mail.body.scrollHeight)))
    const over = (event: Event) => {
      const link = (event.target as Element | null)?.closest?.('[data-link]')
      onPointed(link ? Number(link.getAttribute('data-link')) : undefined)
    }
    mail.addEventListener('pointerover', over)
    return () => mail.removeEventListener('pointerover', over)
  }, [html, onPointed])
  useEffect(() => {
    const mail = frame.current?.contentDocument
    if (!mail) return
    for (const link of mail.querySelectorAll('[data-link]'))
      link.toggleAttribute('data-pointed', Number(link.getAttribute('data-link')) === pointed)
  }, [pointed, html])

  const scale = Math.min(1, room / MAIL_WIDTH)
  return (
    <div ref={place} className="overflow-hidden" style={{ height: height * scale }}>
      <iframe
        ref={frame}
        title="The mail, with its links numbered"
        tabIndex={-1}
        sandbox="allow-same-origin"
        referrerPolicy="no-referrer"
        style={{
          width: MAIL_WIDTH,
          height,
          transform: `scale(${scale})`,
          marginInline: room > MAIL_WIDTH ? 'auto' : undefined,
          colorScheme: 'light',
        }}
        className="block origin-top-left bg-white"
      />
    </div>
  )
}

/** Of the frame's own: the mail in it does not know our theme. */
const LOOK = `
  [data-link] { position: relative !important; outline: 2px solid rgb(176 110 8 / 0.75); outline-offset: 2px; }
  [data-link][data-pointed] { outline: 3px solid #b02e1c; }
  .posthorn-number {
    position: absolute; top: -11px; left: -11px; z-index: 9; min-width: 20px; height: 20px; padding: 0 5px;
    box-sizing: border-box; border-radius: 10px; background: #e2b13c; color: #2a1f05; text-align: center;
    font: 600 12px/20px system-ui, sans-serif; text-decoration: none; letter-spacing: 0; white-space: nowrap;
    box-shadow: 0 0 0 2px #fff;
  }
  [data-pointed] > .posthorn-number { background: #b02e1c; color: #fff; }
`

function numbered({ html, links }: ClickMapWire, publicUrl: string): string {
  const most = Math.max(1, ...links.map(({ clicked }) => clicked))
  const byNumber = new Map(links.map(link => [String(link.number), link]))
  const mail = new DOMParser().parseFromString(forFrame(html, publicUrl).html, 'text/html')
  for (const anchor of mail.querySelectorAll('[data-link]')) {
    const link = byNumber.get(anchor.getAttribute('data-link') ?? '')
    if (!link) continue
    anchor.removeAttribute('href')
    const badge = mail.createElement('span')
    badge.className = 'posthorn-number'
    badge.textContent = String(link.number)
    anchor.append(badge)
    const heat = 0.12 + 0.5 * (link.clicked / most)
    if (link.clicked > 0)
      (anchor as HTMLElement).style.setProperty(
        'box-shadow',
        `inset 0 0 0 999px rgb(226 150 30 / ${heat.toFixed(2)})`,
      )
  }
  const style = mail.createElement('style')
  style.textContent = LOOK
  mail.head.append(style)
  return `<!doctype html>${mail.documentElement.outerHTML}`
}
