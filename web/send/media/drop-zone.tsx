import { Upload } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { Medium } from '../../calls/media.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { picturesIn, uploadAll, useUploads } from './uploads.ts'

const TAKEN = 'image/png,image/jpeg,image/gif,image/webp'

/** Takes pictures that are dropped on it, or pasted while it is on the screen. */
export function DropZone({
  enabled,
  onUploaded,
  children,
}: {
  enabled: boolean
  onUploaded?: (media: Medium[]) => void
  children: ReactNode
}) {
  const [over, setOver] = useState(false)
  const take = (files: File[]) => {
    if (enabled && files.length > 0) void uploadAll(files).then(media => onUploaded?.(media))
  }
  const taking = useRef(take)
  useEffect(() => {
    taking.current = take
  })
  useEffect(() => {
    const pasted = (event: ClipboardEvent) => {
      const files = picturesIn(event.clipboardData)
      if (files.length > 0) taking.current(files)
    }
    addEventListener('paste', pasted)
    return () => removeEventListener('paste', pasted)
  }, [])
  if (!enabled) return children
  return (
    <div
      onDragOver={event => {
        if (![...event.dataTransfer.types].includes('Files')) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={event => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false)
      }}
      onDrop={event => {
        event.preventDefault()
        setOver(false)
        take(picturesIn(event.dataTransfer))
      }}
      className={classes(
        'flex min-h-0 grow flex-col gap-5 rounded-card outline-2 outline-offset-8 outline-transparent outline-dashed',
        over && 'outline-brass-mark',
      )}
    >
      {children}
    </div>
  )
}

export function UploadButton({
  primary = false,
  onUploaded,
}: {
  primary?: boolean
  onUploaded?: (media: Medium[]) => void
}) {
  const field = useRef<HTMLInputElement>(null)
  return (
    <>
      <Button look={primary ? 'primary' : 'plain'} onClick={() => field.current?.click()}>
        <Upload size={15} aria-hidden />
        Upload pictures
      </Button>
      <input
        ref={field}
        type="file"
        hidden
        multiple
        accept={TAKEN}
        aria-label="Pictures to upload"
        onChange={event => {
          const files = [...(event.target.files ?? [])]
          event.target.value = ''
          if (files.length > 0) void uploadAll(files).then(media => onUploaded?.(media))
        }}
      />
    </>
  )
}

/** What is on its way. */
export function Uploads() {
  const uploads = useUploads()
  if (uploads.length === 0) return null
  return (
    <ul aria-label="Uploads" className="flex flex-col gap-2 rounded-card border border-line bg-sunk p-3">
      {uploads.map(({ id, name, share }) => (
        <li key={id} className="flex items-center gap-3">
          <span dir="auto" className="min-w-0 grow truncate">
            {name}
          </span>
          <progress
            aria-label={`Upload of ${name}`}
            value={share}
            max={1}
            className="h-1.5 w-32 shrink-0 appearance-none overflow-hidden rounded-full bg-line [&::-moz-progress-bar]:bg-brass [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-brass"
          />
          <span className="w-10 shrink-0 text-right text-small text-soft tabular-nums">
            {Math.round(share * 100)} %
          </span>
        </li>
      ))}
    </ul>
  )
}
