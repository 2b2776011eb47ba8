import type { ReactNode } from 'react'

interface RadioCardProps {
  group: string
  checked: boolean
  onChoose: () => void
  title: string
  /** At the end of the line. */
  aside?: ReactNode
  about?: ReactNode
}

/** One of two or three ways, with a word about each. */
export function RadioCard({ group, checked, onChoose, title, aside, about }: RadioCardProps) {
  return (
    <label className="flex cursor-pointer items-start gap-2.5 rounded-control border border-line-strong px-3 py-2 hover:border-control has-checked:border-brass-text has-checked:bg-brass-wash">
      <input
        type="radio"
        name={group}
        checked={checked}
        onChange={onChoose}
        className="mt-0.5 size-4 shrink-0"
      />
      <span className="min-w-0 grow">
        <span className="flex items-baseline justify-between gap-3">
          <span className="font-medium">{title}</span>
          {aside && <span className="shrink-0 text-soft tabular-nums">{aside}</span>}
        </span>
        {about && <span className="block text-soft">{about}</span>}
      </span>
    </label>
  )
}
