import { Switch } from '../../../ui/switch.tsx'
import type { UsedCopy } from '../use-working-copy.ts'

export function TrackingFields({ copy: { fields, change } }: { copy: UsedCopy }) {
  const { is_open_tracking: opens, is_click_tracking: clicks } = fields
  return (
    <fieldset className="flex flex-col gap-2 border-t border-line pt-5">
      <legend className="sr-only">Tracking</legend>
      <div className="flex flex-wrap gap-x-8 gap-y-1">
        <Switch label="Track opens" checked={opens} onChange={() => change({ is_open_tracking: !opens })} />
        <Switch
          label="Track clicks"
          checked={clicks}
          onChange={() => change({ is_click_tracking: !clicks })}
        />
      </div>
      <p className="text-soft">
        By a picture of one pixel, and by links that lead through this server. Machines are told apart from
        people.
      </p>
    </fieldset>
  )
}
