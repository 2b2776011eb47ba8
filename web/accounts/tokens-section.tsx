import { useQuery } from '@tanstack/react-query'
import { KeyRound, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { mayChange, type Session } from '../calls/session.ts'
import { createToken, deleteToken, type Token, tokensQuery } from '../calls/tokens.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { confirmed } from '../ui/dialogs.tsx'
import { FormError } from '../ui/field.tsx'
import { ShownOnce } from '../ui/shown-once.tsx'
import { exactTime, readableTime } from '../ui/time.ts'
import { toast, toastFailure } from '../ui/toasts.tsx'
import { TokenForm } from './token-form.tsx'

export function TokensSection({ workspace }: { workspace: NonNullable<Session['workspace']> }) {
  const tokens = useQuery(tokensQuery)
  const [fresh, setFresh] = useState<{ token: Token; value: string }>()
  const forWorkspace = mayChange(workspace.role)
  const of = (kind: Token['kind']) => tokens.data?.filter(token => token.kind === kind).toReversed()

  return (
    <div className="flex flex-col gap-8">
      <div className="flex flex-col gap-4">
        <TokenForm
          forWorkspace={forWorkspace}
          create={async (kind, description) => {
            const { value, ...token } = await createToken(kind, description)
            setFresh({ token, value })
          }}
        />
        {fresh && (
          <ShownOnce text={fresh.value} copyLabel="Copy token">
            Copy it now: it is shown this once.
          </ShownOnce>
        )}
      </div>
      {tokens.isError && (
        <>
          <FormError>{tokens.error.message}</FormError>
          <Button className="self-start" onClick={() => void tokens.refetch()}>
            Try again
          </Button>
        </>
      )}
      {tokens.isPending && <div className="h-24 animate-breathe rounded-card bg-sunk" aria-busy="true" />}
      {forWorkspace && (
        <TokenList
          title={`Of the workspace “${workspace.name}”`}
          about="They serve the campaign API of this workspace, whoever made them."
          tokens={of('workspace')}
        />
      )}
      <TokenList title="Yours" about="They may do what you may, in all APIs." tokens={of('user')} />
    </div>
  )
}

function TokenList({ title, about, tokens }: { title: string; about: string; tokens: Token[] | undefined }) {
  if (!tokens) return null
  return (
    <section aria-label={title} className="flex flex-col gap-3">
      <div>
        <h2 className="text-body font-semibold [overflow-wrap:anywhere]">{title}</h2>
        <p className="text-soft">{about}</p>
      </div>
      <ul className="rounded-card border border-line">
        {tokens.length === 0 && <li className="p-4 text-soft">No token yet.</li>}
        {tokens.map(token => (
          <li
            key={token.id}
            className="flex items-center gap-3 border-b border-line px-3 py-2.5 last:border-0"
          >
            <KeyRound size={16} className="shrink-0 text-faint" aria-hidden />
            <div className="flex min-w-0 grow flex-wrap items-baseline gap-x-6 gap-y-0.5">
              <div className="flex min-w-0 grow basis-56 items-baseline gap-2">
                <span dir="auto" className="truncate text-left font-medium">
                  {token.description || 'Without a description'}
                </span>
                <span className="shrink-0 font-mono text-small text-faint">…{token.last_four}</span>
              </div>
              <div className="flex flex-wrap gap-x-6 text-small text-soft tabular-nums">
                <span>
                  Generated <Time at={token.created_at} />
                </span>
                <span className="sm:min-w-44">
                  {token.last_used_at ? (
                    <>
                      Last used <Time at={token.last_used_at} />
                    </>
                  ) : (
                    'Never used'
                  )}
                </span>
              </div>
            </div>
            <IconButton
              label={`Delete token ${token.description || token.last_four}`}
              className="hover:text-danger"
              onClick={() => void remove(token)}
            >
              <Trash2 size={15} aria-hidden />
            </IconButton>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Time({ at }: { at: string }) {
  return (
    <time dateTime={at} title={exactTime(at)}>
      {readableTime(at)}
    </time>
  )
}

async function remove(token: Token): Promise<void> {
  const sure = await confirmed({
    title: `Delete the token “${token.description || `…${token.last_four}`}”?`,
    text: 'Whatever uses it is refused from now on.',
    action: 'Delete token',
    danger: true,
  })
  if (!sure) return
  await deleteToken(token.id).then(
    () => toast('Token deleted.'),
    error => toastFailure('Not deleted.', error),
  )
}
