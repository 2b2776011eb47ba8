import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useSession } from '../../calls/session.ts'
import { type TemplateSummary, templateLookQuery } from '../../calls/templates.ts'
import { forFrame } from './frame-html.ts'

/** As wide as most mails are made, so that they look as they will. */
const MAIL_WIDTH = 640

/** A template made small. Its HTML is asked for, and its frame made, when it comes near the window. */
export function Thumbnail({ template }: { template: TemplateSummary }) {
  const place = useRef<HTMLDivElement>(null)
  const [near, setNear] = useState(false)
  const [scale, setScale] = useState(0.4)
  useEffect(() => {
    const element = place.current
    if (!element) return
    const sight = new IntersectionObserver(
      entries => entries.some(({ isIntersecting }) => isIntersecting) && setNear(true),
      { rootMargin: '300px' },
    )
    const room = new ResizeObserver(() => setScale(element.clientWidth / MAIL_WIDTH))
    sight.observe(element)
    room.observe(element)
    return () => {
      sight.disconnect()
      room.disconnect()
    }
  }, [])
  const look = useQuery({ ...templateLookQuery(template.id, template.version), enabled: near })
  return (
    <div ref={place} className="relative size-full overflow-hidden bg-white" aria-hidden inert>
      {look.data !== undefined && <Picture html={look.data} scale={scale} />}
      {look.isPending && <div className="size-full animate-breathe bg-sunk" />}
    </div>
  )
}

export function Picture({ html, scale }: { html: string; scale: number }) {
  const { server } = useSession()
  const shown = useMemo(() => forFrame(html, server.public_url).html, [html, server.public_url])
  return (
    <iframe
      title=""
      tabIndex={-1}
      sandbox=""
      loading="lazy"
      srcDoc={shown}
      style={{
        width: MAIL_WIDTH,
        height: `${100 / scale}%`,
        transform: `scale(${scale})`,
        colorScheme: 'light',
      }}
      className="pointer-events-none origin-top-left bg-white"
    />
  )
}
