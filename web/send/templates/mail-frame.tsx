import { useEffect, useMemo, useRef } from 'react'
import { useSession } from '../../calls/session.ts'
import { forFrame } from './frame-html.ts'

interface MailFrameProps {
  html: string
  title: string
  dark?: boolean
  className?: string
}

/**
 * A mail that is being written, as readers will see it. Nothing runs in the frame, and for that reason alone it may
 * keep our origin: so it is rewritten in place, without a flash and without losing where one had scrolled to.
 */
export function MailFrame({ html, title, dark = false, className }: MailFrameProps) {
  const { server } = useSession()
  const frame = useRef<HTMLIFrameElement>(null)
  const shown = useMemo(
    () => forFrame(html, server.public_url, dark ? 'dark' : 'light').html,
    [html, server.public_url, dark],
  )
  useEffect(() => {
    if (frame.current) writeInto(frame.current, shown)
  }, [shown])
  return (
    <iframe
      ref={frame}
      title={title}
      sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
      referrerPolicy="no-referrer"
      style={{ colorScheme: dark ? 'dark' : 'light', background: dark ? '#1b1b1b' : '#ffffff' }}
      className={className ?? 'size-full'}
    />
  )
}

export function writeInto(frame: HTMLIFrameElement, html: string): void {
  const inside = frame.contentDocument
  if (!inside) return
  const top = inside.scrollingElement?.scrollTop ?? 0
  inside.open()
  inside.write(html)
  inside.close()
  if (inside.scrollingElement) inside.scrollingElement.scrollTop = top
}
