import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import {
  createTemplate,
  renderTemplate,
  type TemplateKind,
  type TemplateLanguage,
} from '../../calls/templates.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, FormError } from '../../ui/field.tsx'
import { SelectField } from '../../ui/select-field.tsx'
import { useForm } from '../../ui/use-form.ts'
import { respelt } from './editor/merge-tags.ts'
import { KINDS } from './kinds.ts'
import { STARTERS, type Starter } from './starters.ts'
import { Picture } from './picture.tsx'

const ALL_KINDS = Object.keys(KINDS) as TemplateKind[]

/** What it is called, how it is written, and what it begins with. */
export function NewTemplate({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate()
  const [kind, setKind] = useState<TemplateKind>('blocks')
  const [chosen, setChosen] = useState(0)
  const starters = STARTERS[kind]
  const form = useForm({ name: '', language: 'tags' }, async ({ name, language }) => {
    const written = (starters[chosen] ?? starters[0])?.source() ?? ''
    const source = language === 'liquid' ? respelt(written, 'liquid') : written
    const given = name.trim() || `${KINDS[kind].name} template`
    const template = await createTemplate({
      name: given,
      kind,
      language: language as TemplateLanguage,
      source,
    })
    onClose()
    await navigate({ to: '/templates/$templateId/edit', params: { templateId: template.id } })
  })
  return (
    <Dialog title="New template" wide onClose={onClose}>
      <form onSubmit={form.submit} noValidate className="flex min-h-0 flex-col gap-5">
        <FormError>{form.error}</FormError>
        <Field
          label="Name"
          placeholder="Monthly newsletter"
          maxLength={255}
          autoComplete="off"
          value={form.values.name}
          error={form.errorOf('name')}
          onChange={event => form.set('name', event.target.value)}
        />
        <fieldset className="flex flex-col gap-1.5">
          <legend className="mb-1.5 font-medium">How it is written</legend>
          <div className="grid grid-cols-2 gap-2 md:grid-cols-4">
            {ALL_KINDS.map(name => (
              <Choice
                key={name}
                group="kind"
                checked={kind === name}
                onChoose={() => {
                  setKind(name)
                  setChosen(0)
                }}
                className="flex flex-col gap-0.5 p-3"
              >
                <span className="font-medium">{KINDS[name].name}</span>
                <span className="text-small text-soft max-sm:hidden">{KINDS[name].about}</span>
              </Choice>
            ))}
          </div>
        </fieldset>
        <fieldset className="flex flex-col gap-1.5">
          <legend className="mb-1.5 font-medium">What it begins with</legend>
          <div className="grid grid-cols-2 gap-3 sm:grid-cols-3 md:grid-cols-5">
            {starters.map((starter, index) => (
              <Choice
                key={`${kind} ${starter.name}`}
                group="starter"
                checked={chosen === index}
                onChoose={() => setChosen(index)}
                className="flex flex-col overflow-hidden"
              >
                <span className="aspect-4/5 w-full overflow-hidden border-b border-line bg-white" aria-hidden>
                  <StarterLook kind={kind} starter={starter} />
                </span>
                <span className="flex flex-col px-2.5 py-2">
                  <span className="font-medium">{starter.name}</span>
                  <span className="text-small text-soft">{starter.about}</span>
                </span>
              </Choice>
            ))}
          </div>
        </fieldset>
        <div className="flex flex-wrap items-end justify-between gap-3">
          <SelectField
            label="Personal words are written as"
            value={form.values.language}
            onChange={event => form.set('language', event.target.value)}
          >
            <option value="tags">Merge tags: {'{{first_name|there}}'}</option>
            <option value="liquid">Liquid: conditions and loops, too</option>
          </SelectField>
          <div className="ml-auto flex gap-2">
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" look="primary" busy={form.busy}>
              Create template
            </Button>
          </div>
        </div>
      </form>
    </Dialog>
  )
}

interface ChoiceProps {
  group: string
  checked: boolean
  onChoose: () => void
  className: string
  children: ReactNode
}

/** A radio button in the shape of a card. */
function Choice({ group, checked, onChoose, className, children }: ChoiceProps) {
  return (
    <label className="group/choice relative flex cursor-pointer rounded-card has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-brass-text">
      <input
        type="radio"
        name={group}
        checked={checked}
        onChange={onChoose}
        className="absolute inset-0 cursor-pointer opacity-0"
      />
      <span
        className={`${className} w-full rounded-card border border-line-strong bg-ground group-hover/choice:border-control group-has-checked/choice:border-brass-text group-has-checked/choice:bg-brass-wash group-has-checked/choice:ring-1 group-has-checked/choice:ring-brass-text`}
      >
        {children}
      </span>
    </label>
  )
}

function StarterLook({ kind, starter }: { kind: TemplateKind; starter: Starter }) {
  const look = useQuery({
    queryKey: ['starter', kind, starter.name],
    queryFn: ({ signal }) => renderTemplate({ kind, language: 'tags', source: starter.source() }, signal),
    retry: false,
  })
  if (!look.data) return <span className="block size-full animate-breathe bg-sunk" />
  return <Picture html={look.data.html} />
}
