import { Trash2 } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Role } from '../../calls/session.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { IconButton } from '../../ui/button.tsx'
import { ROLES } from '../../ui/roles.ts'

export function PersonList({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul aria-label={label} className="rounded-card border border-line">
      {children}
    </ul>
  )
}

interface PersonRowProps {
  name: string
  email: string
  isYou?: boolean
  /** Under the address. */
  about?: ReactNode
  /** The role, and what can be done. */
  children: ReactNode
}

export function PersonRow({ name, email, isYou = false, about, children }: PersonRowProps) {
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1.5 border-b border-line px-3 py-2.5 last:border-0">
      <Avatar name={name || email} className="size-8 bg-hover text-soft" />
      <div className="min-w-0 grow basis-40">
        <div className="flex items-baseline gap-1.5">
          <span dir="auto" className="truncate text-left font-medium" title={name || email}>
            {name || email}
          </span>
          {isYou && <span className="shrink-0 text-small text-faint">you</span>}
        </div>
        {name && (
          <div className="truncate text-small text-faint" title={email}>
            {email}
          </div>
        )}
        {about && <div className="text-small text-faint">{about}</div>}
      </div>
      <div className="flex items-center gap-2 max-sm:has-[button,select]:w-full max-sm:has-[button,select]:pl-11">
        {children}
      </div>
    </li>
  )
}

interface RoleSelectProps {
  of: string
  role: Role
  choices: readonly Role[]
  onChoose: (role: Role) => void
}

export function RoleSelect({ of, role, choices, onChoose }: RoleSelectProps) {
  return (
    <select
      aria-label={`Role of ${of}`}
      value={role}
      onChange={event => onChoose(event.target.value as Role)}
      className="reach h-8 rounded-control border border-control bg-ground px-2"
    >
      {choices.map(choice => (
        <option key={choice} value={choice}>
          {ROLES[choice]}
        </option>
      ))}
    </select>
  )
}

export function RoleText({ role }: { role: Role }) {
  return <span className="text-soft sm:px-2">{ROLES[role]}</span>
}

export function RemoveButton({ of, onClick }: { of: string; onClick: () => void }) {
  return (
    <IconButton label={`Remove ${of}`} className="hover:text-danger" onClick={onClick}>
      <Trash2 size={15} aria-hidden />
    </IconButton>
  )
}
