import { useQuery } from '@tanstack/react-query'
import { Info } from 'lucide-react'
import { useId } from 'react'
import type { ImportOptionsWire, ImportPolicy } from '../../../server/send/api/imports-wire.ts'
import { tagsQuery } from '../../calls/tags.ts'
import { Field } from '../../ui/field.tsx'
import { SelectField } from '../../ui/select-field.tsx'
import { TagPicker } from '../tag-picker.tsx'
import { POLICIES } from './import-words.ts'

interface RulesFormProps {
  options: ImportOptionsWire
  onChange: (changes: Partial<ImportOptionsWire>) => void
}

export function RulesForm({ options, onChange }: RulesFormProps) {
  const id = useId()
  const tags = useQuery(tagsQuery).data ?? []
  const { policy, status, resubscribe, mapping, tags_separator: separator, tag_ids } = options
  const updates = policy !== 'create_only'
  return (
    <div className="flex flex-col gap-6">
      <TagPicker
        label="Tags for everybody in the file"
        hint="A tag for the file itself makes it easy to find its people again."
        chosen={tag_ids.flatMap(one => tags.find(tag => tag.id === one) ?? [])}
        onChange={next => onChange({ tag_ids: next.map(tag => tag.id) })}
      />
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-2 font-medium">Who is here already</legend>
        {Object.entries(POLICIES).map(([value, { name, about }]) => (
          <label key={value} className="flex items-start gap-2.5">
            <input
              type="radio"
              name={`${id}-policy`}
              className="mt-0.5 size-4 shrink-0"
              checked={policy === value}
              onChange={() => onChange({ policy: value as ImportPolicy })}
            />
            <span className="flex flex-col">
              <span>{name}</span>
              <span className="text-soft">{about}</span>
            </span>
          </label>
        ))}
        {updates && (
          <label className="mt-1 flex items-start gap-2.5 border-t border-line pt-3">
            <input
              type="checkbox"
              className="mt-0.5 size-4 shrink-0"
              checked={resubscribe}
              onChange={event => onChange({ resubscribe: event.target.checked })}
            />
            <span className="flex flex-col">
              <span>Subscribe those again who had unsubscribed</span>
              <span className="text-soft">
                Only if they have asked you to since. Bounces, complaints and suppressions stay in any case.
              </span>
            </span>
          </label>
        )}
      </fieldset>
      {policy !== 'update_only' && (
        <div className="flex flex-col gap-3">
          <SelectField
            label={
              mapping.includes('status')
                ? 'Status of new people whose row does not say'
                : 'Status of new people'
            }
            className="max-w-sm"
            value={status}
            onChange={event => onChange({ status: event.target.value as ImportOptionsWire['status'] })}
          >
            <option value="subscribed">Subscribed</option>
            <option value="pending">Pending: must confirm first</option>
            <option value="unsubscribed">Unsubscribed</option>
            <option value="bounced">Bounced</option>
          </SelectField>
          {status === 'subscribed' && (
            <p className="flex items-start gap-2 rounded-card bg-brass-wash px-3 py-2 text-brass-text">
              <Info size={15} className="mt-0.5 shrink-0" aria-hidden />
              Import as subscribed only those who agreed to get your mail. A bought list costs you your good
              name with mail servers, and in many countries a fine.
            </p>
          )}
        </div>
      )}
      {mapping.includes('tags') && (
        <Field
          label="Between the tags of a cell"
          className="max-w-sm"
          maxLength={5}
          value={separator}
          onChange={event => onChange({ tags_separator: event.target.value })}
        />
      )}
    </div>
  )
}
