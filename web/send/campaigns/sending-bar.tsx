import type { Totals } from '../../calls/campaigns.ts'
import { classes } from '../../ui/classes.ts'
import { counted } from '../../ui/size.ts'
import { shareSettled } from './progress.ts'

/** What has left, and what went wrong, as parts of one whole. */
export function SendingBar({ totals, resting }: { totals: Totals; resting: boolean }) {
  const { total, sent, draft, skipped, failed, ambiguous } = totals
  const width = (part: number) => ({ width: `${total === 0 ? 0 : (part / total) * 100}%` })
  const percent = Math.floor(shareSettled(totals) * 100)
  return (
    <div
      role="progressbar"
      aria-label="Progress"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      aria-valuetext={`${percent} %: ${counted(sent, 'mail')} sent${failed > 0 ? `, ${failed} failed` : ''}`}
      className="flex h-4 overflow-hidden rounded-full border border-line bg-hover [&>*]:transition-[width] [&>*]:duration-300"
    >
      <div className={classes(resting ? 'bg-control' : 'bg-brass')} style={width(sent)} />
      <div className="bg-line-strong" style={width(draft + skipped)} />
      <div className="bg-danger-fill" style={width(failed + ambiguous)} />
    </div>
  )
}
