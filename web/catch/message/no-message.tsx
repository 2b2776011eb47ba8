import { Kbd } from '../../ui/kbd.tsx'
import { Mark } from '../../ui/mark.tsx'
import { State } from '../../ui/state.tsx'

/** Beside a list of which no message is open. */
export function NoMessage() {
  return (
    <State picture={<Mark size={40} className="text-line-strong" />} title="No message open">
      <p className="flex flex-wrap items-center justify-center gap-1.5">
        <Kbd>j</Kbd> <Kbd>k</Kbd> move along the list, <Kbd>Enter</Kbd> opens, <Kbd>?</Kbd> shows all keys.
      </p>
    </State>
  )
}
