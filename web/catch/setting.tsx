import { Eye, EyeOff, Lock } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { IconButton } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'

/** Null for those who may only look. */
export function Password({ value }: { value: string | null }) {
  if (value !== null) return <Setting label="Password" value={value} secret />
  return (
    <div className="flex min-h-11 items-center gap-3 border-b border-line py-1 pr-2 pl-4 last:border-0">
      <dt className="w-24 shrink-0 text-soft sm:w-28">Password</dt>
      <dd className="flex min-w-0 grow items-center gap-2 text-faint">
        <Lock size={14} className="shrink-0" aria-hidden />
        Only admins of this inbox see it.
      </dd>
    </div>
  )
}

export function Settings({ children }: { children: ReactNode }) {
  return <dl className="overflow-hidden rounded-card border border-line">{children}</dl>
}

interface SettingProps {
  label: string
  value: string
  /** Shown on request only; copied without being shown. */
  secret?: boolean
  about?: ReactNode
}

/** One value to be typed or pasted elsewhere. */
export function Setting({ label, value, secret = false, about }: SettingProps) {
  const [shown, setShown] = useState(!secret)
  return (
    <div className="flex min-h-11 items-center gap-3 border-b border-line py-1 pr-2 pl-4 last:border-0">
      <dt className="w-24 shrink-0 text-soft sm:w-28">{label}</dt>
      <dd className="min-w-0 grow">
        <span className="font-mono text-base break-all">{shown ? value : '•'.repeat(14)}</span>
        {!shown && <span className="sr-only">hidden</span>}
        {about && <span className="ml-2 text-small text-faint">{about}</span>}
      </dd>
      {secret && (
        <dd>
          <IconButton
            label={shown ? `Hide ${label.toLowerCase()}` : `Show ${label.toLowerCase()}`}
            onClick={() => setShown(!shown)}
          >
            {shown ? <EyeOff size={15} aria-hidden /> : <Eye size={15} aria-hidden />}
          </IconButton>
        </dd>
      )}
      <dd>
        <CopyButton text={value} label={`Copy ${label.toLowerCase()}`} />
      </dd>
    </div>
  )
}
