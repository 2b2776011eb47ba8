import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router'
import { CallError } from '../calls/http.ts'
import { Button, buttonClasses } from '../ui/button.tsx'
import { Mark } from '../ui/mark.tsx'
import { State } from '../ui/state.tsx'

export function Splash() {
  return (
    <div className="flex h-full grow items-center justify-center" aria-busy="true">
      <Mark size={40} className="animate-breathe text-line-strong" />
    </div>
  )
}

export function Unreachable({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  const called = error instanceof CallError
  return (
    <div className="flex h-full grow">
      <State
        urgent
        whole
        picture={<Mark size={40} className="text-line-strong" />}
        title={called ? 'Posthorn does not answer' : 'This screen has failed'}
        actions={
          <Button
            onClick={() => {
              reset()
              void router.invalidate()
            }}
          >
            Try again
          </Button>
        }
      >
        {called ? error.message : 'What you did before is kept; only the drawing of this screen went wrong.'}
      </State>
    </div>
  )
}

export function NotFound() {
  return (
    <main className="flex h-full">
      <State
        whole
        title="There is nothing here"
        actions={
          <Link to="/" className={buttonClasses()}>
            Go to the inboxes
          </Link>
        }
      >
        The address may be mistyped, or what it led to was deleted.
      </State>
    </main>
  )
}
