import type { ReactNode } from 'react'

/** One subject about a person. */
export function Card({
  title,
  action,
  children,
}: {
  title: string
  action?: ReactNode
  children: ReactNode
}) {
  return (
    <section aria-label={title} className="rounded-card border border-line">
      <div className="flex min-h-11 items-center gap-2 border-b border-line py-1 pr-2 pl-4">
        <h2 className="grow font-semibold">{title}</h2>
        {action}
      </div>
      <div className="flex flex-col gap-4 p-4">{children}</div>
    </section>
  )
}
