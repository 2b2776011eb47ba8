import { WifiOff } from 'lucide-react'
import { useLiveState } from '../calls/live.ts'

/** Says nothing while all is well. */
export function Connection() {
  const lost = useLiveState() === 'lost'
  return (
    <div role="status" className="shrink-0">
      {lost && (
        <div className="mx-2 mb-2 flex animate-fade items-center gap-2.5 rounded-control bg-brass-wash px-2.5 py-2 text-small text-brass-text">
          <WifiOff size={14} className="shrink-0 animate-breathe" aria-hidden />
          Offline. Reconnecting …
        </div>
      )}
    </div>
  )
}
