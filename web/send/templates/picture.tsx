import { useEffect, useMemo, useRef, useState } from 'react'
import { useSession } from '../../calls/session.ts'
import { forFrame } from './frame-html.ts'

/** As wide as most mails are made, so that they look as they will. */
const MAIL_WIDTH = 640

/** Lines of words that nobody can read at that size. */
const CONTENT = [100, 96, 88, 60]
  .map(
    width =>
      `<span style="display:block;width:${width}%;height:10px;margin:9px 0;border-radius:5px;background:#8884"></span>`,
  )
  .join('')

/** Without tags to be filled in: the places of words, the fallbacks of names. */
function filled(html: string): string {
  return html
    .replaceAll(/\{\{\s*content\s*\}\}/gi, CONTENT)
    .replaceAll(/\{\{\s*[\w.]+\s*\|\s*(?:default:\s*)?["']?([^}"']*)["']?\s*\}\}/g, '$1')
    .replaceAll(/\{\{\s*first_name\s*\}\}/g, 'Ada')
}

/** A mail made as small as its place, to look at only. */
export function Picture({ html }: { html: string }) {
  const { server } = useSession()
  const place = useRef<HTMLSpanElement>(null)
  const [scale, setScale] = useState<number>()
  const shown = useMemo(() => forFrame(filled(html), server.public_url).html, [html, server.public_url])
  useEffect(() => {
    const element = place.current
    if (!element) return
    const room = new ResizeObserver(() => setScale(element.clientWidth / MAIL_WIDTH || undefined))
    room.observe(element)
    return () => room.disconnect()
  }, [])
  return (
    <span ref={place} className="relative block size-full overflow-hidden bg-white" aria-hidden inert>
      {scale !== undefined && (
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
          className="pointer-events-none absolute top-0 left-0 origin-top-left bg-white"
        />
      )}
    </span>
  )
}
