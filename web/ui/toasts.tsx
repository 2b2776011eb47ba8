import { CircleAlert, CircleCheck, X } from 'lucide-react'
import { useEffect } from 'react'
import { IconButton } from './button.tsx'
import { createStore } from './store.ts'

interface Toast {
  id: number
  text: string
  failed: boolean
  /** Milliseconds. */
  stays: number
}

const toasts = createStore<readonly Toast[]>([])
let last = 0

const A_MOMENT = 3200
/** For what nobody asked for, and may not be looking at. */
const A_WHILE = 9000

function add(text: string, failed: boolean, stays: number): void {
  toasts.set([...toasts.get().slice(-2), { id: ++last, text, failed, stays }])
}

export function toast(text: string): void {
  add(text, false, A_MOMENT)
}

/** Says what others have done that changes what is on the screen. */
export function toastNews(text: string): void {
  add(text, false, A_WHILE)
}

/** Says what failed, in the words of the refusal. */
export function toastFailure(what: string, error: unknown): void {
  const why = error instanceof Error ? error.message : ''
  add(`${what} ${why}`.trim(), true, A_WHILE)
}

export function Toasts() {
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-3 bottom-4 z-60 flex flex-col items-center gap-2"
    >
      {toasts.use().map(entry => (
        <Shown key={entry.id} entry={entry} />
      ))}
    </div>
  )
}

function Shown({ entry }: { entry: Toast }) {
  const close = () => toasts.set(toasts.get().filter(other => other.id !== entry.id))
  useEffect(() => {
    const timer = setTimeout(close, entry.stays)
    return () => clearTimeout(timer)
  })
  const Icon = entry.failed ? CircleAlert : CircleCheck
  return (
    <div className="pointer-events-auto flex max-w-full animate-rise items-center gap-2.5 rounded-card border border-line-strong bg-raised py-1.5 pr-1.5 pl-3 shadow-menu">
      <Icon size={16} className={entry.failed ? 'shrink-0 text-danger' : 'shrink-0 text-good'} aria-hidden />
      <span className="min-w-0 [overflow-wrap:anywhere]">{entry.text}</span>
      <IconButton label="Dismiss" onClick={close}>
        <X size={14} aria-hidden />
      </IconButton>
    </div>
  )
}
