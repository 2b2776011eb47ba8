import { useId } from 'react'
import type { Token } from '../calls/tokens.ts'
import { Button } from '../ui/button.tsx'
import { Field, FormError, inputClasses } from '../ui/field.tsx'
import { useForm } from '../ui/use-form.ts'

export function TokenForm({
  create,
}: {
  create: (kind: Token['kind'], description: string) => Promise<void>
}) {
  const id = useId()
  const form = useForm({ description: '', kind: 'user' }, async ({ kind, description }) => {
    await create(kind as Token['kind'], description.trim())
    form.set('description', '')
  })
  return (
    <form onSubmit={form.submit} className="flex flex-col gap-3">
      <FormError>{form.error}</FormError>
      <div className="flex flex-wrap items-end gap-3">
        <Field
          label="What is it for?"
          placeholder="CI pipeline"
          className="min-w-40 grow basis-52"
          required
          maxLength={100}
          value={form.values.description}
          error={form.errorOf('description')}
          onChange={event => form.set('description', event.target.value)}
        />
        <div className="flex basis-36 flex-col gap-1.5">
          <label htmlFor={id} className="font-medium">
            Kind
          </label>
          <select
            id={id}
            className={inputClasses}
            value={form.values.kind}
            onChange={event => form.set('kind', event.target.value)}
          >
            <option value="user">Yours</option>
            <option value="workspace">Workspace</option>
          </select>
        </div>
        <Button type="submit" look="primary" className="h-9" busy={form.busy}>
          Create token
        </Button>
      </div>
    </form>
  )
}
