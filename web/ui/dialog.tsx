import { Dialog as Radix } from 'radix-ui'
import { type ReactNode, useState } from 'react'
import { classes } from './classes.ts'

interface DialogProps {
  title: string
  about?: ReactNode
  /** A question that waits for an answer: a click beside it does not close it. */
  alert?: boolean
  /** For what has to be looked at to be chosen. */
  wide?: boolean
  onClose: () => void
  children: ReactNode
}

export function Dialog({ title, about, alert = false, wide = false, onClose, children }: DialogProps) {
  // Before anything in here takes the focus.
  const [cameFrom] = useState(() => document.activeElement)
  return (
    <Radix.Root open onOpenChange={open => open || onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-50 animate-fade bg-veil" />
        <Radix.Content
          role={alert ? 'alertdialog' : 'dialog'}
          onCloseAutoFocus={event => {
            event.preventDefault()
            if (cameFrom instanceof HTMLElement) cameFrom.focus()
          }}
          onPointerDownOutside={event => alert && event.preventDefault()}
          {...(about ? {} : { 'aria-describedby': undefined })}
          className={classes(
            'fixed left-1/2 z-50 flex -translate-x-1/2 animate-rise flex-col gap-4 overflow-y-auto [overflow-wrap:anywhere] rounded-sheet border border-line-strong bg-raised p-5 shadow-sheet outline-none',
            wide
              ? 'top-[max(1rem,7dvh)] max-h-[86dvh] w-[min(52rem,calc(100vw-2rem))]'
              : 'top-[max(1rem,18dvh)] max-h-[80dvh] w-[min(27rem,calc(100vw-2rem))]',
          )}
        >
          <div className="flex flex-col gap-1.5">
            <Radix.Title className="text-lead font-semibold">{title}</Radix.Title>
            {about && (
              <Radix.Description asChild>
                <div className="text-body text-soft">{about}</div>
              </Radix.Description>
            )}
          </div>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
