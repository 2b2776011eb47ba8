import { type ReactNode, useId } from 'react'

interface StepProps {
  number: number
  title: string
  /** Beside the title. */
  aside?: ReactNode
  children: ReactNode
}

/** One of the things to be done before a campaign leaves. */
export function Step({ number, title, aside, children }: StepProps) {
  const id = useId()
  return (
    <section
      aria-labelledby={id}
      className="flex flex-col gap-3 border-b border-line px-4 py-5 last:border-0 lg:px-6"
    >
      <div className="flex items-center gap-2.5">
        <span
          aria-hidden
          className="flex size-5 shrink-0 items-center justify-center rounded-full border border-line-strong text-micro text-soft tabular-nums"
        >
          {number}
        </span>
        <h2 id={id} className="text-body font-semibold">
          {title}
        </h2>
        {aside && <span className="ml-auto text-small text-soft">{aside}</span>}
      </div>
      {children}
    </section>
  )
}
