import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import type { InviteReply } from '../../../server/accounts/api/wire.ts'
import { invite, type Scope } from '../../calls/invitations.ts'
import { useSession } from '../../calls/session.ts'
import { Button, buttonClasses } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { Field, FormError } from '../../ui/field.tsx'
import { SelectField } from '../../ui/select-field.tsx'
import { ShownOnce } from '../../ui/shown-once.tsx'
import { useForm } from '../../ui/use-form.ts'

interface InviteFormProps {
  /** What somebody can be invited to, the usual one first: one is not asked about. */
  scopes: { scope: Scope; name: string }[]
}

export function InviteForm({ scopes }: InviteFormProps) {
  const { state } = useSession()
  const [done, setDone] = useState<{ email: string; to: string; reply: InviteReply }>()
  const form = useForm({ email: '', role: 'viewer', scope: '0' }, async ({ email, role, scope }) => {
    const { scope: chosen, name } = scopes[Number(scope)] ?? scopes[0] ?? {}
    if (!chosen || name === undefined) return
    setDone(undefined)
    const reply = await invite(chosen, email.trim(), role === 'admin' ? 'admin' : 'viewer')
    setDone({ email: email.trim(), to: name, reply })
    form.set('email', '')
  })
  if (state === 'local') return <PasswordFirst />
  return (
    <form onSubmit={form.submit} className="flex flex-col gap-3">
      <FormError>{form.error}</FormError>
      <div className="flex flex-wrap items-start gap-3">
        <Field
          label="Email"
          type="email"
          className={classes('min-w-0 grow', scopes.length > 1 ? 'basis-full' : 'basis-56')}
          autoComplete="off"
          required
          value={form.values.email}
          error={form.errorOf('email')}
          onChange={event => form.set('email', event.target.value)}
        />
        {scopes.length > 1 && (
          <SelectField
            label="To"
            className="min-w-0 grow basis-44"
            value={form.values.scope}
            onChange={event => form.set('scope', event.target.value)}
          >
            {scopes.map(({ scope, name }, index) => (
              <option key={`${scope.kind} ${scope.id}`} value={index}>
                {name}
              </option>
            ))}
          </SelectField>
        )}
        <SelectField
          label="Role"
          className={classes('basis-28', scopes.length === 1 && 'max-sm:grow')}
          value={form.values.role}
          onChange={event => form.set('role', event.target.value)}
        >
          <option value="viewer">Viewer</option>
          <option value="admin">Admin</option>
        </SelectField>
        {/* Beside the fields, not beside what is said about them. */}
        <Button
          type="submit"
          look="primary"
          className="mt-6.5 h-9 max-sm:mt-1 max-sm:w-full"
          busy={form.busy}
        >
          Invite
        </Button>
      </div>
      {done && <Invited {...done} />}
    </form>
  )
}

function Invited({ email, to, reply }: { email: string; to: string; reply: InviteReply }) {
  const who = <bdi className="font-semibold">{email}</bdi>
  if (reply.link === null)
    return (
      <Note>
        {who} has an account here and sees “{to}” at once.
      </Note>
    )
  return <InvitationLink email={email} link={reply.link} mailed={reply.mailed} />
}

export function InvitationLink({ email, link, mailed }: { email: string; link: string; mailed: boolean }) {
  return (
    <ShownOnce text={link} copyLabel="Copy invitation link">
      {mailed ? 'Mailed to ' : 'Send this link to '}
      <bdi>{email}</bdi>
      {mailed
        ? '. You can also hand over the link: it is shown this once.'
        : ': it is shown this once, and works once.'}
    </ShownOnce>
  )
}

function Note({ children }: { children: ReactNode }) {
  return (
    <p
      role="status"
      className="rounded-card border border-line bg-good-wash px-3 py-2 [overflow-wrap:anywhere]"
    >
      {children}
    </p>
  )
}

function PasswordFirst() {
  return (
    <div className="flex flex-col items-start gap-3 rounded-card border border-line bg-sunk p-4">
      <p className="text-pretty">
        <strong className="font-semibold">Set a password first.</strong>{' '}
        <span className="text-soft">
          So far everybody on this machine comes in as you. To tell people apart, everyone needs to sign in.
        </span>
      </p>
      <Link to="/setup" className={buttonClasses('primary')}>
        Set a password
      </Link>
    </div>
  )
}
