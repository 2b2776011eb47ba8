import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { CallError } from '../calls/http.ts'
import { acceptInvitation, openInvitationQuery, type OpenInvitation } from '../calls/invitations.ts'
import { inboxIdsNow } from '../calls/projects.ts'
import { type Session, signOut, useSession } from '../calls/session.ts'
import { Splash } from '../frame/outside-states.tsx'
import { Button, buttonClasses } from '../ui/button.tsx'
import { useDocumentTitle } from '../ui/document-title.ts'
import { Field, FormError } from '../ui/field.tsx'
import { readableDay } from '../ui/time.ts'
import { toast } from '../ui/toasts.tsx'
import { useForm } from '../ui/use-form.ts'
import { OutsideLink, OutsidePage, OutsideRefusal } from './outside-page.tsx'

/** Where the link of an invitation leads. */
export function InvitationPage() {
  useDocumentTitle('Invitation')
  const { secret } = useParams({ from: '/invitation/$secret' })
  const invitation = useQuery(openInvitationQuery(secret))
  if (invitation.isError)
    return invitation.error instanceof CallError && invitation.error.status === 404 ? (
      <OutsideRefusal
        title="This invitation is not open"
        about="It was used already, was withdrawn, or is older than a week. Ask whoever sent it for a new link."
      />
    ) : (
      <OutsideRefusal
        title="The invitation could not be loaded"
        about={invitation.error.message}
        onRetry={() => void invitation.refetch()}
      />
    )
  if (!invitation.data) return <Splash />
  return <Open secret={secret} invitation={invitation.data} />
}

function Open({ secret, invitation }: { secret: string; invitation: OpenInvitation }) {
  const session = useSession()
  const { scope, role, workspace_name, invited_by, expires_at } = invitation
  const thing = <Strong>{scope.name}</Strong>
  return (
    <OutsidePage
      title="You are invited"
      about={
        <>
          <Strong>{invited_by.name}</Strong> invites you{' '}
          {scope.kind === 'workspace' ? (
            <>to the workspace {thing}</>
          ) : (
            <>
              to the {scope.kind} {thing} of <Strong>{workspace_name}</Strong>
            </>
          )}{' '}
          {role === 'viewer' ? 'as a viewer: you look at its mail and change nothing.' : 'as an admin.'} The
          invitation is open until {readableDay(expires_at)}.
        </>
      }
    >
      {session.user ? (
        <Accept secret={secret} invitation={invitation} user={session.user} />
      ) : invitation.has_account ? (
        <SignInFirst secret={secret} email={invitation.email} />
      ) : (
        <NewAccount secret={secret} email={invitation.email} />
      )}
    </OutsidePage>
  )
}

function Accept({
  secret,
  invitation,
  user,
}: {
  secret: string
  invitation: OpenInvitation
  user: NonNullable<Session['user']>
}) {
  const enter = useEnter(secret)
  const form = useForm({}, () => enter())
  const other = invitation.email !== user.email
  return (
    <form onSubmit={form.submit} className="flex flex-col gap-4">
      <FormError>{form.error}</FormError>
      {other && (
        <p className="rounded-control bg-brass-wash px-3 py-2 text-brass-text [overflow-wrap:anywhere]">
          It was sent to {invitation.email}, and you are signed in as {user.email}. If you accept, it counts
          for you.
        </p>
      )}
      <Button type="submit" look="primary" className="h-10" busy={form.busy}>
        <span className="truncate">Accept as {user.name || user.email}</span>
      </Button>
      <SignOutLink next={`/invitation/${secret}`} />
    </form>
  )
}

/** To come back as somebody else. */
export function SignOutLink({ next }: { next: string }) {
  const navigate = useNavigate()
  const [error, setError] = useState<string>()
  const leave = () =>
    signOut().then(
      () => navigate({ to: '/login', search: { next } }),
      (failure: Error) => setError(failure.message),
    )
  return (
    <>
      <FormError>{error}</FormError>
      <button
        type="button"
        onClick={() => void leave()}
        className="self-center py-1 text-soft underline-offset-2 hover:text-ink hover:underline"
      >
        Sign in as somebody else
      </button>
    </>
  )
}

function SignInFirst({ secret, email }: { secret: string; email: string }) {
  return (
    <div className="flex flex-col gap-4">
      <p className="[overflow-wrap:anywhere]">
        <Strong>{email}</Strong> has an account here. Sign in, and you come back to this page.
      </p>
      <Link
        to="/login"
        search={{ next: `/invitation/${secret}` }}
        className={buttonClasses('primary', 'h-10')}
      >
        Sign in
      </Link>
    </div>
  )
}

function NewAccount({ secret, email }: { secret: string; email: string }) {
  const enter = useEnter(secret)
  const form = useForm({ name: '', password: '' }, ({ name, password }) =>
    enter({ name: name.trim(), password }),
  )
  return (
    <form onSubmit={form.submit} className="flex flex-col gap-4">
      <FormError>{form.error}</FormError>
      <Field label="Email" type="email" autoComplete="username" readOnly value={email} />
      <Field
        label="Your name"
        name="name"
        autoComplete="name"
        autoFocus
        required
        value={form.values.name}
        error={form.errorOf('name')}
        onChange={event => form.set('name', event.target.value)}
      />
      <Field
        label="Password"
        type="password"
        name="password"
        autoComplete="new-password"
        required
        value={form.values.password}
        error={form.errorOf('password')}
        hint="A few words are better than one strange one."
        onChange={event => form.set('password', event.target.value)}
      />
      <Button type="submit" look="primary" className="mt-2 h-10" busy={form.busy}>
        Create account and accept
      </Button>
      <OutsideLink to="/login" search={{ next: `/invitation/${secret}` }}>
        I have an account
      </OutsideLink>
    </form>
  )
}

/** Accepts, and goes to what is new. */
function useEnter(secret: string) {
  const navigate = useNavigate()
  return async (account?: { name: string; password: string }) => {
    const before = account ? [] : await inboxIdsNow()
    await acceptInvitation(secret, account)
    const fresh = (await inboxIdsNow()).find(id => !before.includes(id))
    toast('You are in.')
    if (fresh === undefined) await navigate({ to: '/', replace: true })
    else await navigate({ to: '/inboxes/$inboxId', params: { inboxId: fresh }, replace: true })
  }
}

function Strong({ children }: { children: string }) {
  return <strong className="font-semibold text-ink [overflow-wrap:anywhere]">{children}</strong>
}
