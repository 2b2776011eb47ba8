import { Eye, EyeOff } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { IconButton } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'

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
