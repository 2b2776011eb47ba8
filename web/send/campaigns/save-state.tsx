import { Check, CircleAlert, LoaderCircle } from 'lucide-react'
import { Button } from '../../ui/button.tsx'
import type { UsedCopy } from './use-working-copy.ts'

/** Whether what is on the screen is on the server, too. */
export function SaveState({
  copy,
}: {
  copy: Pick<UsedCopy, 'id' | 'phase' | 'failure' | 'faults' | 'dispute' | 'flush'>
}) {
  const { id, phase, failure, faults, dispute } = copy
  const refused = Object.keys(faults).length > 0
  return (
    <span className="flex shrink-0 items-center gap-1.5 text-small text-faint">
      {phase === 'failed' ? (
        <>
          <CircleAlert size={14} className="shrink-0 text-danger" aria-hidden />
          <span role="status" className="text-danger max-sm:sr-only" title={failure?.message}>
            Not saved
          </span>
          <Button look="quiet" className="h-7 px-2" onClick={() => void copy.flush()}>
            Save now
          </Button>
        </>
      ) : dispute || (refused && phase !== 'saving') ? (
        <>
          <CircleAlert size={14} className="shrink-0 text-danger" aria-hidden />
          <span role="status" className="text-danger max-sm:sr-only">
            {dispute ? 'Changed by somebody else' : 'Not all is saved'}
          </span>
        </>
      ) : phase === 'saved' ? (
        id !== null && (
          <>
            <Check size={14} className="shrink-0 text-good" aria-hidden />
            <span className="max-sm:sr-only">Saved</span>
          </>
        )
      ) : (
        <>
          <LoaderCircle size={14} className="shrink-0" aria-hidden />
          <span className="max-sm:sr-only">Saving …</span>
        </>
      )}
    </span>
  )
}
