import { Button } from '../../ui/button.tsx'
import { State } from '../../ui/state.tsx'

export function PartFailed({ error, onRetry }: { error: Error; onRetry: () => void }) {
  return (
    <State
      urgent
      title="This part could not be loaded"
      actions={<Button onClick={onRetry}>Try again</Button>}
    >
      {error.message}
    </State>
  )
}
