import { addSuppression } from '../../calls/suppressions.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, FormError } from '../../ui/field.tsx'
import { toast } from '../../ui/toasts.tsx'
import { useForm } from '../../ui/use-form.ts'

export function AddDialog({ onClose }: { onClose: () => void }) {
  const form = useForm({ value: '', evidence: '' }, async ({ value, evidence }) => {
    const added = await addSuppression(value.trim(), evidence.trim())
    onClose()
    toast(`${added.value} is suppressed.`)
  })
  return (
    <Dialog title="Suppress an address or a domain" onClose={onClose}>
      <form onSubmit={form.submit} noValidate className="flex flex-col gap-4">
        <FormError>{form.error}</FormError>
        <Field
          label="Address or domain"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          placeholder="ann@example.com or example.com"
          value={form.values.value}
          error={form.errorOf('value')}
          onChange={event => form.set('value', event.target.value)}
        />
        <Field
          label="Why (if you like)"
          autoComplete="off"
          maxLength={1000}
          placeholder="Asked us by phone"
          value={form.values.evidence}
          error={form.errorOf('evidence')}
          onChange={event => form.set('evidence', event.target.value)}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={form.busy}>
            Suppress
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
