import { UsersRound } from 'lucide-react'
import type { CampaignFields } from '../../calls/campaigns.ts'
import { Button } from '../../ui/button.tsx'
import { readableTime } from '../../ui/time.ts'
import { type FieldName, FIELD_NAMES } from './campaign-fields.ts'
import type { UsedCopy } from './use-working-copy.ts'

/** Two people wrote into the same fields. Nothing of either is lost until one has chosen. */
export function Dispute({ copy }: { copy: UsedCopy }) {
  const { dispute, fields, settle } = copy
  if (!dispute) return null
  return (
    <div
      role="alert"
      aria-label="Changed by somebody else"
      className="flex shrink-0 flex-col gap-3 border-b border-brass-line bg-brass-wash px-4 py-3 lg:px-8"
    >
      <p className="flex items-start gap-2">
        <UsersRound size={16} className="mt-0.5 shrink-0 text-brass-text" aria-hidden />
        <span>
          <b className="font-semibold">Somebody else changed this campaign</b> ({readableTime(dispute.at)}),
          in the same place as you. Which words stay?
        </span>
      </p>
      <dl className="grid max-h-48 max-w-3xl gap-x-4 gap-y-2 overflow-y-auto sm:grid-cols-[auto_1fr_1fr]">
        {dispute.names.map(name => (
          <div key={name} className="contents">
            <dt className="font-medium">{FIELD_NAMES[name]}</dt>
            <Version whose="Yours" name={name} fields={fields} />
            <Version whose="Theirs" name={name} fields={dispute.theirs} />
          </div>
        ))}
      </dl>
      <div className="flex gap-2">
        <Button look="primary" onClick={() => settle('mine')}>
          Keep mine
        </Button>
        <Button onClick={() => settle('theirs')}>Take theirs</Button>
      </div>
    </div>
  )
}

function Version({ whose, name, fields }: { whose: string; name: FieldName; fields: CampaignFields }) {
  const value = fields[name]
  const text = typeof value === 'string' ? value : value === null ? 'none' : JSON.stringify(value)
  return (
    <dd className="min-w-0">
      <span className="block text-small text-soft">{whose}</span>
      <span dir="auto" className="line-clamp-3 [overflow-wrap:anywhere]">
        {text.length > 300 ? `${text.slice(0, 300)} …` : text || 'empty'}
      </span>
    </dd>
  )
}
