import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { SignOutLink } from '../accounts/invitation.tsx'
import { OutsidePage, OutsideRefusal } from '../accounts/outside-page.tsx'
import { CallError } from '../calls/http.ts'
import { projectsQuery } from '../calls/projects.ts'
import { queryClient } from '../calls/query-client.ts'
import { useSession } from '../calls/session.ts'
import { joinProject, sharedProjectQuery } from '../calls/shares.ts'
import { Splash } from '../frame/outside-states.tsx'
import { Button, buttonClasses } from '../ui/button.tsx'
import { useDocumentTitle } from '../ui/document-title.ts'
import { FormError } from '../ui/field.tsx'
import { toast } from '../ui/toasts.tsx'
import { useForm } from '../ui/use-form.ts'

/** Where the share link of a project leads. */
export function SharePage() {
  useDocumentTitle('Shared project')
  const { projectId, extId } = useParams({ from: '/share/$projectId/$extId' })
  const { user } = useSession()
  const project = useQuery(sharedProjectQuery(projectId, extId))
  if (project.isError)
    return project.error instanceof CallError && project.error.status === 404 ? (
      <OutsideRefusal
        title="This link leads nowhere"
        about="The project was deleted, or its share link was replaced. Ask whoever sent it for the new one."
      />
    ) : (
      <OutsideRefusal
        title="The project could not be loaded"
        about={project.error.message}
        onRetry={() => void project.refetch()}
      />
    )
  if (!project.data) return <Splash />
  const here = `/share/${projectId}/${extId}`
  return (
    <OutsidePage
      title="A shared project"
      about={
        <>
          With this link you can join{' '}
          <strong className="font-semibold text-ink [overflow-wrap:anywhere]">{project.data.name}</strong> as
          a viewer: you look at its mail and change nothing.
        </>
      }
    >
      {user ? (
        <Join projectId={projectId} extId={extId} as={user.name || user.email} here={here} />
      ) : (
        <div className="flex flex-col gap-4">
          <Link to="/login" search={{ next: here }} className={buttonClasses('primary', 'h-10')}>
            Sign in to join
          </Link>
          <p className="text-soft">No account yet? Ask whoever sent the link to invite you by email.</p>
        </div>
      )}
    </OutsidePage>
  )
}

function Join({
  projectId,
  extId,
  as,
  here,
}: {
  projectId: number
  extId: string
  as: string
  here: string
}) {
  const navigate = useNavigate()
  const form = useForm({}, async () => {
    await joinProject(projectId, extId)
    const projects = await queryClient.fetchQuery({ ...projectsQuery, staleTime: 0 })
    const first = projects.find(({ id }) => id === projectId)?.inboxes[0]
    toast('You are in.')
    if (first) await navigate({ to: '/inboxes/$inboxId', params: { inboxId: first.id }, replace: true })
    else await navigate({ to: '/', replace: true })
  })
  return (
    <form onSubmit={form.submit} className="flex flex-col gap-4">
      <FormError>{form.error}</FormError>
      <Button type="submit" look="primary" className="h-10" busy={form.busy}>
        <span className="truncate">Join as {as}</span>
      </Button>
      <SignOutLink next={here} />
    </form>
  )
}
