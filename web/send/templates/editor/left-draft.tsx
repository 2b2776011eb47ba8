import { History } from 'lucide-react'
import { Button } from '../../../ui/button.tsx'
import { readableTime } from '../../../ui/time.ts'
import type { KeptDraft } from './kept-draft.ts'
import type { WorkingCopy } from './working-copy.ts'

/** What this browser kept from the last time. */
export function LeftDraft({ copy, left, version }: { copy: WorkingCopy; left: KeptDraft; version: number }) {
  return (
    <div
      role="region"
      aria-label="Unsaved changes"
      className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1.5 border-b border-brass-line bg-brass-wash px-4 py-1.5"
    >
      <History size={15} className="shrink-0 text-brass-text" aria-hidden />
      <span className="min-w-0 grow">
        This browser kept changes that were not saved, of {readableTime(new Date(left.at).toISOString())}.
        {left.version < version && ' Somebody saved another version since then.'}
      </span>
      <Button className="h-7" onClick={copy.takeLeft}>
        Take them up
      </Button>
      <Button look="quiet" className="h-7" onClick={copy.dropLeft}>
        Throw away
      </Button>
    </div>
  )
}
