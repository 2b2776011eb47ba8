import type { ReactNode } from 'react'
import { classes } from '../ui/classes.ts'
import { OpenSidebar } from './open-sidebar.tsx'

interface PageProps {
  title: string
  about?: ReactNode
  /** Where one came from. */
  back?: ReactNode
  /** For pictures and tables, which want all the room there is. */
  wide?: boolean
  children: ReactNode
}

/** A screen that is read from top to bottom. */
export function Page({ title, about, back, wide = false, children }: PageProps) {
  return (
    <div className="min-w-0 grow overflow-y-auto">
      <div className="sticky top-0 z-10 flex h-13 items-center gap-2 border-b border-line bg-ground px-4 lg:px-8">
        <OpenSidebar />
        {back}
        <span className="corner ml-auto" />
      </div>
      <div
        className={classes(
          'mx-auto flex flex-col gap-8 px-4 pt-7 pb-16 lg:px-8',
          wide ? 'max-w-7xl' : 'max-w-4xl',
        )}
      >
        <div className="flex flex-col gap-1.5">
          <h1
            tabIndex={-1}
            dir="auto"
            className="text-display font-semibold outline-none [overflow-wrap:anywhere]"
          >
            {title}
          </h1>
          {about && <p className="max-w-[68ch] text-body text-soft">{about}</p>}
        </div>
        {children}
      </div>
    </div>
  )
}

interface SectionProps {
  id?: string
  title: string
  about?: ReactNode
  children: ReactNode
}

export function Section({ id, title, about, children }: SectionProps) {
  return (
    <section
      id={id}
      aria-label={title}
      className="grid gap-x-10 gap-y-4 border-t border-line pt-6 lg:grid-cols-[15rem_1fr]"
    >
      <div className="flex flex-col gap-1">
        <h2 className="text-body font-semibold">{title}</h2>
        {about && <p className="text-pretty text-soft">{about}</p>}
      </div>
      <div className="flex min-w-0 flex-col gap-4">{children}</div>
    </section>
  )
}
