import { Button } from '../ui/button.tsx'
import { Field, FormError } from '../ui/field.tsx'
import { toast } from '../ui/toasts.tsx'
import { useForm } from '../ui/use-form.ts'

interface RenameFormProps {
  label: string
  name: string
  rename: (name: string) => Promise<unknown>
}

export function RenameForm({ label, name, rename }: RenameFormProps) {
  const form = useForm({ name }, async values => {
    await rename(values.name.trim())
    toast('Saved.')
  })
  return (
    <form onSubmit={form.submit} className="flex max-w-md flex-col gap-3">
      <FormError>{form.error}</FormError>
      <div className="flex items-start gap-3">
        <Field
          label={label}
          className="min-w-0 grow"
          required
          maxLength={100}
          value={form.values.name}
          error={form.errorOf('name')}
          onChange={event => form.set('name', event.target.value)}
        />
        <Button type="submit" className="mt-6.5 h-9" busy={form.busy}>
          Rename
        </Button>
      </div>
    </form>
  )
}
