import { ImageOff } from 'lucide-react'
import { useSession } from '../../calls/session.ts'
import type { Medium } from '../../calls/media.ts'
import { readableSize } from '../../ui/size.ts'

interface MediaGridProps {
  media: readonly Medium[]
  /** What a press on one does, as a verb: “Choose”. */
  deed: string
  onPress: (medium: Medium) => void
}

export function MediaGrid({ media, deed, onPress }: MediaGridProps) {
  return (
    <ul aria-label="Pictures" className="grid grid-cols-[repeat(auto-fill,minmax(8.75rem,1fr))] gap-4">
      {media.map(medium => (
        <li key={medium.id} className="flex min-w-0">
          <button
            type="button"
            onClick={() => onPress(medium)}
            className="group flex w-full min-w-0 flex-col gap-1.5 rounded-card text-left"
          >
            <span className="flex aspect-square w-full items-center justify-center overflow-hidden rounded-card border border-line-strong bg-sunk group-hover:border-control group-hover:shadow-menu">
              <MediumPicture medium={medium} className="size-full object-contain p-1.5" />
            </span>
            <span className="flex flex-col px-0.5">
              <span dir="auto" className="relative truncate font-medium">
                <span className="sr-only">{deed} </span>
                {medium.name}
              </span>
              <span className="flex items-center gap-1 truncate text-small text-faint tabular-nums">
                {medium.width} × {medium.height} · {readableSize(medium.size)}
              </span>
              {!medium.alt && (
                <span className="flex items-center gap-1 text-small text-brass-text">
                  <ImageOff size={12} aria-hidden />
                  No alt text
                </span>
              )}
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}

/** Asked for where the app itself came from, whatever the public address is. */
export function MediumPicture({ medium, className }: { medium: Medium; className: string }) {
  const { server } = useSession()
  const base = server.public_url.replace(/\/$/, '')
  const small = medium.variants.find(({ width }) => width >= 320)?.url ?? medium.url
  return (
    <img
      src={small.startsWith(base) ? small.slice(base.length) : small}
      alt=""
      loading="lazy"
      decoding="async"
      className={className}
    />
  )
}
