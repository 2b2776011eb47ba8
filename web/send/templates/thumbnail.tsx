import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { type TemplateSummary, templateLookQuery } from '../../calls/templates.ts'
import { Picture } from './picture.tsx'

/** A template made small. Its HTML is asked for, and its frame made, when it comes near the window. */
export function Thumbnail({ template }: { template: TemplateSummary }) {
  const place = useRef<HTMLDivElement>(null)
  const [near, setNear] = useState(false)
  useEffect(() => {
    const element = place.current
    if (!element) return
    const sight = new IntersectionObserver(
      entries => entries.some(({ isIntersecting }) => isIntersecting) && setNear(true),
      { rootMargin: '300px' },
    )
    sight.observe(element)
    return () => sight.disconnect()
  }, [])
  const look = useQuery({ ...templateLookQuery(template.id, template.version), enabled: near })
  return (
    <div ref={place} className="size-full bg-white">
      {look.data === undefined ? (
        <div className={`size-full bg-sunk ${look.isError ? '' : 'animate-breathe'}`} />
      ) : (
        <Picture html={look.data} />
      )}
    </div>
  )
}
