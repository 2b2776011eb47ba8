import { CallError } from '../calls/http.ts'
import { Button } from '../ui/button.tsx'
import { State } from '../ui/state.tsx'
import { Missing } from './missing.tsx'

export function InboxUnavailable({ error, onRetry }: { error: Error; onRetry: () => void }) {
  if (error instanceof CallError && error.status === 404) return <Missing what="inbox" />
  return (
    <State
      urgent
      whole
      title="The inbox could not be loaded"
      actions={<Button onClick={onRetry}>Try again</Button>}
    >
      {error.message}
    </State>
  )
}
