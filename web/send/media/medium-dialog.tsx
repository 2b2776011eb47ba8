import { Trash2 } from 'lucide-react'
import { changeMedium, deleteMedium, type Medium } from '../../calls/media.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { confirmed } from '../../ui/dialogs.tsx'
import { Field, FormError } from '../../ui/field.tsx'
import { readableSize } from '../../ui/size.ts'
import { readableTime } from '../../ui/time.ts'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { useForm } from '../../ui/use-form.ts'
import { MediumPicture } from './media-grid.tsx'

/** One picture: its name, its words, its address. */
export function MediumDialog({
  medium,
  mayChange,
  onClose,
}: {
  medium: Medium
  mayChange: boolean
  onClose: () => void
}) {
  const form = useForm({ name: medium.name, alt: medium.alt }, async ({ name, alt }) => {
    await changeMedium(medium.id, { name: name.trim(), alt: alt.trim() })
    onClose()
    toast('Saved.')
  })
  return (
    <Dialog title={medium.name} onClose={onClose}>
      <div className="flex max-h-56 justify-center overflow-hidden rounded-card border border-line bg-sunk p-2">
        <MediumPicture medium={medium} className="max-h-52 object-contain" />
      </div>
      <p className="text-small text-soft tabular-nums">
        {medium.width} × {medium.height} pixels · {readableSize(medium.size)} ·{' '}
        {medium.content_type.replace('image/', '').toUpperCase()} · {readableTime(medium.created_at)}
      </p>
      <div className="flex items-center gap-2">
        <code className="min-w-0 grow truncate rounded-control border border-line bg-ground px-3 py-2 font-mono text-small">
          {medium.url}
        </code>
        <CopyButton text={medium.url} label="Copy address" words="Copy" />
      </div>
      {mayChange && (
        <form onSubmit={form.submit} noValidate className="flex flex-col gap-4">
          <FormError>{form.error}</FormError>
          <Field
            label="Name"
            value={form.values.name}
            maxLength={255}
            error={form.errorOf('name')}
            onChange={event => form.set('name', event.target.value)}
          />
          <Field
            label="Alt text"
            value={form.values.alt}
            maxLength={1000}
            error={form.errorOf('alt')}
            hint="What it shows, for those who do not see it. Templates take it from here."
            onChange={event => form.set('alt', event.target.value)}
          />
          <div className="flex items-center gap-2">
            <Button
              look="quiet"
              className="mr-auto hover:text-danger"
              onClick={() => void remove(medium, onClose)}
            >
              <Trash2 size={15} aria-hidden />
              Delete
            </Button>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" look="primary" busy={form.busy}>
              Save
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  )
}

async function remove(medium: Medium, onGone: () => void): Promise<void> {
  const sure = await confirmed({
    title: `Delete “${medium.name}”?`,
    text: 'Mails that were sent with it, and templates that show it, have a gap from then on.',
    action: 'Delete picture',
    danger: true,
  })
  if (!sure) return
  try {
    await deleteMedium(medium.id)
    onGone()
    toast('Picture deleted.')
  } catch (error) {
    toastFailure('Not deleted.', error)
  }
}
