import { Link } from '@tanstack/react-router'
import { CallError } from '../../calls/http.ts'
import { Button, buttonClasses } from '../../ui/button.tsx'
import { State } from '../../ui/state.tsx'

/** In place of a campaign that could not be had. */
export function CampaignUnavailable({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const gone = error instanceof CallError && error.status === 404
  return (
    <State
      whole
      urgent
      title={gone ? 'This campaign is not here' : 'The campaign could not be loaded'}
      actions={
        gone ? (
          <Link to="/campaigns" className={buttonClasses()}>
            All campaigns
          </Link>
        ) : (
          <Button onClick={onRetry}>Try again</Button>
        )
      }
    >
      {gone ? 'It was deleted, or belongs to another workspace.' : error.message}
    </State>
  )
}
