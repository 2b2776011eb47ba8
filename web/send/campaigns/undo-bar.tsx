import { Undo2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { type Campaign, doToCampaign } from '../../calls/campaigns.ts'
import { Button } from '../../ui/button.tsx'
import { toast, toastFailure } from '../../ui/toasts.tsx'

/** As long as nothing leaves yet: one click, and it is a draft again. */
export function UndoBar({ campaign, onOver }: { campaign: Campaign; onOver: () => void }) {
  const { id, undo_until } = campaign
  const left = useSecondsUntil(undo_until)
  const [busy, setBusy] = useState(false)
  const over = left <= 0
  useEffect(() => {
    if (over) onOver()
  }, [over])
  if (over) return null
  const undo = async () => {
    setBusy(true)
    try {
      await doToCampaign(id, 'undo')
      toast('Taken back. It is a draft again, and nobody has got it.')
    } catch (error) {
      toastFailure('Not taken back.', error)
      setBusy(false)
    }
  }
  return (
    <div
      role="region"
      aria-label="Take it back"
      className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-card border border-brass-line bg-brass-wash px-4 py-3"
    >
      <p className="min-w-0 grow">
        <b className="font-semibold">Nothing has left yet.</b> It begins in{' '}
        <span className="tabular-nums">{left} s</span>.
      </p>
      <Button look="primary" busy={busy} onClick={() => void undo()}>
        <Undo2 size={15} aria-hidden />
        Take it back
      </Button>
    </div>
  )
}

function useSecondsUntil(instant: string | null): number {
  const until = instant === null ? 0 : Date.parse(instant)
  const [now, setNow] = useState(Date.now)
  const left = Math.ceil((until - now) / 1000)
  useEffect(() => {
    if (left <= 0) return
    const timer = setTimeout(() => setNow(Date.now()), 250)
    return () => clearTimeout(timer)
  }, [now, left])
  return left
}
