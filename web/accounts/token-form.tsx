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
  const first: Token['kind'] = forWorkspace ? 'workspace' : 'user'
  const form = useForm({ description: '', kind: first as string }, async ({ kind, description }) => {
    await create(kind as Token['kind'], description.trim())
    form.set('description', '')
  })
  return (
    <form onSubmit={form.submit} className="flex flex-col gap-3">
      <FormError>{form.error}</FormError>
      <div className="flex flex-wrap items-end gap-3">
        <Field
          label="Description (optional)"
          placeholder="What it is for"
          className="min-w-40 grow basis-52"
          maxLength={100}
          autoComplete="off"
          value={form.values.description}
          error={form.errorOf('description')}
          onChange={event => form.set('description', event.target.value)}
        />
        {forWorkspace && (
          <SelectField
            label="Whose"
            className="basis-40"
            value={form.values.kind}
            onChange={event => form.set('kind', event.target.value)}
          >
            <option value="workspace">The workspace’s</option>
            <option value="user">Yours</option>
          </SelectField>
        )}
        <Button type="submit" look="primary" className="h-9" busy={form.busy}>
          Add Token
        </Button>
      </div>
    </form>
  )
}
