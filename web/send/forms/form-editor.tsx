import { useBlocker, useNavigate } from '@tanstack/react-router'
import { ExternalLink } from 'lucide-react'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { FormSettings, FormWire } from '../../../server/send/api/forms-wire.ts'
import type { FieldWire } from '../../calls/fields.ts'
import { changeForm, createForm } from '../../calls/forms.ts'
import { CallError } from '../../calls/http.ts'
import { mayChange, useSession } from '../../calls/session.ts'
import { Page, Section } from '../../frame/page.tsx'
import { Button, buttonClasses } from '../../ui/button.tsx'
import { confirmed } from '../../ui/dialogs.tsx'
import { useDocumentTitle } from '../../ui/document-title.ts'
import { Field, FormError } from '../../ui/field.tsx'
import { Switch } from '../../ui/switch.tsx'
import { toast } from '../../ui/toasts.tsx'
import { type PickedTag, TagPicker } from '../tag-picker.tsx'
import { AskEditor } from './ask-editor.tsx'
import { CannotConfirm } from './cannot-confirm.tsx'
import { CaptchaFields } from './captcha-fields.tsx'
import { EmbedCode } from './embed-code.tsx'
import { FormPreview } from './form-preview.tsx'
import { Part } from './part.tsx'
import { TextField } from './text-field.tsx'

const EMPTY: FormSettings = {
  title: '',
  text: '',
  button: '',
  ask: [],
  tag_ids: [],
  double_opt_in: true,
  consent: null,
  thanks: '',
  redirect_url: null,
  allowed_origins: [],
  captcha: { kind: 'none', site_key: '', secret: '' },
}

interface FormEditorProps {
  form: FormWire | undefined
  fields: readonly FieldWire[]
  tags: readonly PickedTag[]
  /** Whether confirmations can be sent. */
  mails: boolean
  back: ReactNode
}

export function FormEditor({ form, fields, tags, mails, back }: FormEditorProps) {
  const { workspace } = useSession()
  const navigate = useNavigate()
  const change = mayChange(workspace?.role)
  const [name, setName] = useState(form?.name ?? '')
  const [settings, setSettings] = useState(form?.settings ?? EMPTY)
  const [origins, setOrigins] = useState(settings.allowed_origins.join('\n'))
  // Names of tags that were made here are known before the list is.
  const [chosen, setChosen] = useState<PickedTag[]>(() =>
    tags.filter(tag => settings.tag_ids.includes(tag.id)),
  )
  const [failure, setFailure] = useState<Error>()
  const [busy, setBusy] = useState(false)
  useDocumentTitle(form?.name ?? 'New form')

  const set = (changes: Partial<FormSettings>) => setSettings(before => ({ ...before, ...changes }))
  const dirty =
    change &&
    (name !== (form?.name ?? '') || JSON.stringify(settings) !== JSON.stringify(form?.settings ?? EMPTY))
  useBlocker({
    disabled: !dirty || busy,
    enableBeforeUnload: () => dirty,
    shouldBlockFn: async () =>
      !(await confirmed({
        title: 'Leave without saving?',
        text: 'What you changed about this form is lost.',
        action: 'Leave',
        danger: true,
      })),
  })
  const faults = failure instanceof CallError ? failure.fields : {}
  const errorOf = (field: string) => {
    const text = faults[field]?.[0]
    return text && `${text[0]?.toUpperCase()}${text.slice(1)}.`
  }

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    setFailure(undefined)
    try {
      const saved = form ? await changeForm(form.id, { name, settings }) : await createForm(name, settings)
      setSettings(saved.settings)
      setOrigins(saved.settings.allowed_origins.join('\n'))
      setName(saved.name)
      toast(form ? 'Saved.' : `The form “${saved.name}” is open.`)
      if (!form)
        await navigate({
          to: '/forms/$formId',
          params: { formId: saved.id },
          replace: true,
          ignoreBlocker: true,
        })
    } catch (error) {
      setFailure(error as Error)
      requestAnimationFrame(() => document.querySelector<HTMLElement>('main [aria-invalid="true"]')?.focus())
    } finally {
      setBusy(false)
    }
  }

  return (
    <Page wide title={form?.name ?? 'New form'} back={back}>
      {!mails && settings.double_opt_in && <CannotConfirm />}
      <div className="grid items-start gap-x-10 gap-y-8 xl:grid-cols-[minmax(0,1fr)_26rem]">
        <form onSubmit={event => void submit(event)} noValidate className="min-w-0">
          <fieldset disabled={!change} className="flex min-w-0 flex-col gap-8">
            <Part title="Words" about="What is left empty is said in the language of the page.">
              <Field
                label="Name"
                hint="For yourself; nobody else sees it."
                autoComplete="off"
                autoFocus={!form}
                maxLength={255}
                value={name}
                error={errorOf('name')}
                onChange={event => setName(event.target.value)}
              />
              <Field
                label="Heading"
                autoComplete="off"
                maxLength={255}
                value={settings.title}
                error={errorOf('title')}
                onChange={event => set({ title: event.target.value })}
              />
              <TextField
                label="Text"
                value={settings.text}
                error={errorOf('text')}
                onChange={text => set({ text })}
              />
              <Field
                label="Button"
                placeholder="Sign up"
                autoComplete="off"
                maxLength={255}
                value={settings.button}
                error={errorOf('button')}
                onChange={event => set({ button: event.target.value })}
              />
            </Part>
            <Part title="Questions" about="The e-mail address is always asked for.">
              <AskEditor
                ask={settings.ask}
                fields={fields}
                error={errorOf('ask')}
                onChange={ask => set({ ask })}
              />
              <Switch
                label="Ask for consent with a box to tick"
                checked={settings.consent !== null}
                onChange={() => set({ consent: settings.consent === null ? '' : null })}
              />
              {settings.consent !== null && (
                <TextField
                  label="Text beside the box"
                  hint="What they agreed to is kept with the time and the address they came from."
                  value={settings.consent}
                  error={errorOf('consent')}
                  onChange={consent => set({ consent })}
                />
              )}
            </Part>
            <Part title="Afterwards" about="What happens once the button was pressed.">
              <Switch
                label="Confirm by mail (double opt-in)"
                checked={settings.double_opt_in}
                onChange={() => set({ double_opt_in: !settings.double_opt_in })}
              />
              {!settings.double_opt_in && (
                <p className="text-soft">
                  Anybody can sign up anybody then. In many countries you could not show that people agreed.
                </p>
              )}
              <TagPicker
                label="Tags they get"
                chosen={chosen}
                onChange={picked => {
                  setChosen(picked)
                  set({ tag_ids: picked.map(tag => tag.id) })
                }}
              />
              <TextField
                label="Words of thanks"
                value={settings.thanks}
                error={errorOf('thanks')}
                onChange={thanks => set({ thanks })}
              />
              <Field
                label="Go to a page of yours instead"
                type="url"
                placeholder="https://example.com/thanks"
                autoComplete="off"
                value={settings.redirect_url ?? ''}
                error={errorOf('redirect_url')}
                onChange={event => set({ redirect_url: event.target.value || null })}
              />
            </Part>
            <Part
              title="Protection"
              about="A hidden trap, a least time and limits are always on. A captcha is for forms under attack."
            >
              <CaptchaFields
                captcha={settings.captcha}
                errorOf={errorOf}
                onChange={captcha => set({ captcha })}
              />
              <TextField
                label="Sites whose scripts may sign people up"
                mono
                rows={2}
                placeholder="https://www.example.com"
                hint="One origin a line. A plain form works from any site and needs none."
                value={origins}
                error={errorOf('allowed_origins')}
                onChange={text => {
                  setOrigins(text)
                  set({ allowed_origins: text.split(/\s+/).filter(Boolean) })
                }}
              />
            </Part>
            <FormError>
              {failure &&
                (Object.keys(faults).length === 0 ? failure.message : 'Please check the marked fields.')}
            </FormError>
            {change && (
              <div className="flex items-center gap-3">
                <Button type="submit" look="primary" className="h-9" busy={busy}>
                  {form ? 'Save' : 'Save form'}
                </Button>
                {dirty && form && <span className="text-soft">Not saved yet.</span>}
              </div>
            )}
          </fieldset>
        </form>
        <div className="flex min-w-0 flex-col gap-4 xl:sticky xl:top-20">
          <FormPreview settings={settings} />
          {form && (
            <a
              href={form.url}
              target="_blank"
              rel="noopener"
              className={buttonClasses('plain', 'self-start')}
            >
              <ExternalLink size={14} aria-hidden />
              Open the page and try it
            </a>
          )}
        </div>
      </div>
      {form && (
        <Section
          title="On your site"
          about="As it was saved last. The code holds no secret, and works for as long as the form is here."
        >
          <EmbedCode form={form} />
        </Section>
      )}
    </Page>
  )
}
