import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Eye, RotateCw } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { newJwt, resetApiToken, resetJwt } from '../calls/account.ts'
import { tokensQuery } from '../calls/tokens.ts'
import { Section } from '../frame/page.tsx'
import { Button } from '../ui/button.tsx'
import { confirmed } from '../ui/dialogs.tsx'
import { ShownOnce } from '../ui/shown-once.tsx'
import { toastFailure } from '../ui/toasts.tsx'

/** The two keys every user of Mailtrap's API has: a token, and a JWT. */
export function KeysSection() {
  return (
    <Section
      title="API access"
      about={
        <>
          Both let a program do what you may do: the token in the header Api-Token, the JWT as Authorization:
          Bearer. More tokens, and those of the workspace, are under{' '}
          <Link to="/api-tokens" className="text-ink underline underline-offset-2 hover:no-underline">
            API Tokens
          </Link>
          .
        </>
      }
    >
      <ApiToken />
      <Jwt />
    </Section>
  )
}

function ApiToken() {
  const tokens = useQuery(tokensQuery)
  const [fresh, setFresh] = useState<string>()
  const oldest = tokens.data
    ?.filter(({ kind }) => kind === 'user')
    .toSorted((one, other) => one.id - other.id)[0]
  const reset = async () => {
    const sure = await confirmed({
      title: 'Reset the API token?',
      text: 'Whatever uses the token of now is refused at once.',
      action: 'Reset token',
      danger: true,
    })
    if (!sure) return
    try {
      setFresh(await resetApiToken())
      await tokens.refetch()
    } catch (error) {
      toastFailure('Not reset.', error)
    }
  }
  return (
    <Key
      name="API token"
      state={
        oldest ? (
          <>
            ends in <span className="font-mono">{oldest.last_four}</span>
          </>
        ) : (
          tokens.data && 'there is none'
        )
      }
      buttons={
        <Button onClick={() => void reset()}>
          <RotateCw size={14} aria-hidden />
          Reset token
        </Button>
      }
    >
      {fresh && (
        <ShownOnce text={fresh} copyLabel="Copy API token">
          Copy it now: it is shown this once.
        </ShownOnce>
      )}
    </Key>
  )
}

function Jwt() {
  const [jwt, setJwt] = useState<string>()
  const show = (ask: () => Promise<string>) =>
    ask().then(setJwt, error => toastFailure('There is none to show.', error))
  const reset = async () => {
    const sure = await confirmed({
      title: 'Reset the JWT?',
      text: 'Every JWT made so far is refused at once.',
      action: 'Reset JWT',
      danger: true,
    })
    if (sure) await show(resetJwt)
  }
  return (
    <Key
      name="JWT"
      state="good until it is reset"
      buttons={
        <>
          <Button onClick={() => void show(newJwt)}>
            <Eye size={14} aria-hidden />
            Show JWT
          </Button>
          <Button onClick={() => void reset()}>
            <RotateCw size={14} aria-hidden />
            Reset JWT
          </Button>
        </>
      }
    >
      {jwt && (
        <ShownOnce text={jwt} copyLabel="Copy JWT">
          You can have it shown again.
        </ShownOnce>
      )}
    </Key>
  )
}

function Key({
  name,
  state,
  buttons,
  children,
}: {
  name: string
  state: ReactNode
  buttons: ReactNode
  children: ReactNode
}) {
  return (
    <div className="flex flex-col gap-3 border-b border-line pb-4 last:border-0 last:pb-0">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 grow basis-32">
          <h3 className="font-medium">{name}</h3>
          <p className="text-small text-faint">{state}</p>
        </div>
        <div className="flex flex-wrap gap-2">{buttons}</div>
      </div>
      {children}
    </div>
  )
}
