import { useQuery } from '@tanstack/react-query'
import { KeyRound, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { mayChange, useSession } from '../calls/session.ts'
import { createToken, deleteToken, type Token, tokensQuery } from '../calls/tokens.ts'
import { Section } from '../frame/page.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { confirmed } from '../ui/dialogs.tsx'
import { FormError } from '../ui/field.tsx'
import { ShownOnce } from '../ui/shown-once.tsx'
import { exactTime, readableTime } from '../ui/time.ts'
import { toast, toastFailure } from '../ui/toasts.tsx'
import { TokenForm } from './token-form.tsx'

const KINDS = { user: 'Yours', workspace: 'Workspace' } as const

export function TokensSection() {
  const { workspace } = useSession()
  const tokens = useQuery(tokensQuery)
  const [fresh, setFresh] = useState<{ token: Token; value: string }>()

  return (
    <Section
      id="tokens"
      title="API tokens"
      about="For scripts and test suites. A token of yours may do what you may; one of the workspace serves the campaign API."
    >
      <TokenForm
        forWorkspace={mayChange(workspace?.role)}
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
      {tokens.isError && (
        <>
          <FormError>{tokens.error.message}</FormError>
          <Button className="self-start" onClick={() => void tokens.refetch()}>
            Try again
          </Button>
        </>
      )}
      {tokens.data && (
        <ul className="rounded-card border border-line">
          {tokens.data.length === 0 && <li className="p-4 text-soft">No token yet.</li>}
          {tokens.data.map(token => (
            <li
              key={token.id}
              className="flex items-center gap-3 border-b border-line px-3 py-2 last:border-0"
            >
              <KeyRound size={16} className="shrink-0 text-faint" aria-hidden />
              <div className="min-w-0 grow">
                <div dir="auto" className="truncate text-left font-medium">
                  {token.description || 'Without a name'}
                </div>
                <div className="truncate text-small text-faint">
                  {KINDS[token.kind]} · <span className="font-mono">…{token.last_four}</span> ·{' '}
                  <time dateTime={token.created_at} title={exactTime(token.created_at)}>
                    {readableTime(token.created_at)}
                  </time>
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
      )}
    </Section>
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
