import { Dialog } from '../ui/dialog.tsx'
import { Kbd } from '../ui/kbd.tsx'

const KEYS: [keys: string[], deed: string][] = [
  [['j', '↓'], 'Next message'],
  [['k', '↑'], 'Previous message'],
  [['Enter'], 'Open'],
  [['Esc'], 'Clear the selection, close the message'],
  [['u'], 'Mark as unread; in the list also as read'],
  [['#', 'Del'], 'Delete'],
  [['x'], 'Select'],
  [['Shift', '↓'], 'Select on and on'],
  [['Ctrl', 'A'], 'Select all'],
  [['/'], 'Search'],
  [['?'], 'This list of keys'],
]

export function KeyboardDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard" onClose={onClose}>
      <dl className="flex flex-col">
        {KEYS.map(([keys, deed]) => (
          <div key={deed} className="flex items-center justify-between gap-4 border-t border-line py-1.5">
            <dt className="text-soft">{deed}</dt>
            <dd className="flex gap-1">
              {keys.map(key => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
