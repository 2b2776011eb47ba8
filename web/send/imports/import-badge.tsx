import type { ImportWire } from '../../../server/send/api/imports-wire.ts'
import { classes } from '../../ui/classes.ts'
import { IMPORT_STATUS } from './import-words.ts'

const LOOKS: Record<ImportWire['status'], string> = {
  waiting: 'bg-brass-wash text-brass-text',
  running: 'bg-brass-wash text-brass-text',
  paused: 'bg-hover text-soft',
  done: 'bg-good-wash text-good',
  cancelled: 'bg-hover text-soft',
  failed: 'bg-danger-wash text-danger',
}

export function ImportBadge({ status, trial }: { status: ImportWire['status']; trial: boolean }) {
  return (
    <span
      className={classes(
        'inline-flex h-5 shrink-0 items-center rounded-full px-2 text-small font-medium',
        LOOKS[status],
      )}
    >
      {trial && status !== 'waiting'
        ? `Dry run: ${IMPORT_STATUS[status].toLowerCase()}`
        : IMPORT_STATUS[status]}
    </span>
  )
}
