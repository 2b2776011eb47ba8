import { type FormEvent, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { type PickedTag, TagPicker } from '../tag-picker.tsx'

interface TagDialogProps {
  title: string
  action: string
  creates: boolean
  save: (tags: PickedTag[]) => void
  onClose: () => void
}

export function TagDialog({ title, action, creates, save, onClose }: TagDialogProps) {
  const [tags, setTags] = useState<PickedTag[]>([])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (tags.length === 0) return
    onClose()
    save(tags)
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={submit} className="flex min-h-80 flex-col justify-between gap-5">
        <TagPicker label="Tags" chosen={tags} onChange={setTags} creates={creates} placeholder="Find a tag" />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={tags.length === 0}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
