import { Fragment, lazy, type ReactNode, Suspense } from 'react'
import { createStore } from './store.ts'

type Render = (close: () => void) => ReactNode

const open = createStore<{ id: number; render: Render }[]>([])
let last = 0

export function showDialog(render: Render): void {
  open.set([...open.get(), { id: ++last, render }])
}

/** The one place where dialogs appear. */
export function DialogHost() {
  return (
    <Suspense fallback={null}>
      {open.use().map(({ id, render }) => (
        <Fragment key={id}>{render(() => open.set(open.get().filter(dialog => dialog.id !== id)))}</Fragment>
      ))}
    </Suspense>
  )
}

export interface Question {
  title: string
  text: ReactNode
  /** What the button says: the deed, not "OK". */
  action: string
  danger?: boolean
  /** A name that must be typed first. */
  typed?: string
}

const ConfirmDialog = lazy(() =>
  import('./confirm-dialog.tsx').then(module => ({ default: module.ConfirmDialog })),
)

export function confirmed(question: Question): Promise<boolean> {
  return new Promise(resolve => {
    showDialog(close => (
      <ConfirmDialog
        {...question}
        answer={yes => {
          close()
          resolve(yes)
        }}
      />
    ))
  })
}
