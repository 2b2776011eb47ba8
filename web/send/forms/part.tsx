import type { ReactNode } from 'react'

/** A part of the editor: beside the preview there is no room for a heading at the side. */
export function Part({ title, about, children }: { title: string; about: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-4 border-t border-line pt-5">
      <div className="flex flex-col gap-0.5">
        <h2 className="text-body font-semibold">{title}</h2>
        <p className="text-pretty text-soft">{about}</p>
      </div>
      {children}
    </section>
  )
}
