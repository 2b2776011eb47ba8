import type { Token } from '../calls/tokens.ts'
import { Button } from '../ui/button.tsx'
import { Field, FormError } from '../ui/field.tsx'
import { SelectField } from '../ui/select-field.tsx'
import { useForm } from '../ui/use-form.ts'

interface TokenFormProps {
  /** Whether one may make tokens of the workspace, too. */
  forWorkspace: boolean
  create: (kind: Token['kind'], description: string) => Promise<void>
}

export function TokenForm({ forWorkspace, create }: TokenFormProps) {
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
        {forWorkspace && (
          <SelectField
            label="Kind"
            className="basis-36"
            value={form.values.kind}
            onChange={event => form.set('kind', event.target.value)}
          >
            <option value="user">Yours</option>
            <option value="workspace">Workspace</option>
          </SelectField>
        )}
        <Button type="submit" look="primary" className="h-9" busy={form.busy}>
          Create token
        </Button>
      </div>
    </form>
  )
}
