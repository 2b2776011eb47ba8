import { useState } from 'react'
import type { OneSubscriberWire } from '../../../server/send/api/subscribers-wire.ts'
import { changeSubscriber } from '../../calls/subscribers.ts'
import { toastFailure } from '../../ui/toasts.tsx'
import { TagChip } from '../tag-chip.tsx'
import { type PickedTag, TagPicker } from '../tag-picker.tsx'
import { Card } from './card.tsx'

/** Their tags; each change is kept at once. */
export function TagsCard({ subscriber, change }: { subscriber: OneSubscriberWire; change: boolean }) {
  const [wanted, setWanted] = useState<PickedTag[]>()
  const tags = wanted ?? subscriber.tags

  const keep = async (next: PickedTag[]) => {
    setWanted(next)
    try {
      await changeSubscriber(subscriber.id, { tag_ids: next.map(tag => tag.id) })
    } catch (error) {
      toastFailure('The tags were not changed.', error)
    } finally {
      setWanted(undefined)
    }
  }

  return (
    <Card title="Tags">
      {change ? (
        <TagPicker label="Tags" labelHidden chosen={tags} onChange={next => void keep(next)} />
      ) : (
        <div className="flex flex-wrap gap-1.5">
          {tags.map(tag => (
            <TagChip key={tag.id} name={tag.name} />
          ))}
          {tags.length === 0 && <p className="text-soft">No tag.</p>}
        </div>
      )}
    </Card>
  )
}
