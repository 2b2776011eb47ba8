import { X } from 'lucide-react'

interface TagChipProps {
  name: string
  /** Given: it can be taken away. */
  onRemove?: () => void
}

export function TagChip({ name, onRemove }: TagChipProps) {
  return (
    <span className="inline-flex h-6 max-w-full min-w-0 items-center gap-0.5 rounded-tight border border-line bg-sunk px-1.5 text-small text-soft">
      <span dir="auto" className="truncate">
        {name}
      </span>
      {onRemove && (
        <button
          type="button"
          aria-label={`Remove tag ${name}`}
          title={`Remove tag ${name}`}
          onClick={onRemove}
          className="reach -mr-1 flex size-5 shrink-0 items-center justify-center rounded-tight hover:bg-hover hover:text-ink"
        >
          <X size={12} aria-hidden />
        </button>
      )}
    </span>
  )
}
