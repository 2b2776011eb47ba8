import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import type { FormWire } from '../../../server/send/api/forms-wire.ts'
import { fieldsQuery } from '../../calls/fields.ts'
import { formQuery, formsQuery } from '../../calls/forms.ts'
import { CallError } from '../../calls/http.ts'
import { tagsQuery } from '../../calls/tags.ts'
import { Page } from '../../frame/page.tsx'
import { Button, iconButtonClasses } from '../../ui/button.tsx'
import { State } from '../../ui/state.tsx'
import { FormEditor } from './form-editor.tsx'

export function NewForm() {
  return <Known form={undefined} />
}

export function FormPage() {
  const { formId } = useParams({ from: '/frame/forms/$formId' })
  const form = useQuery(formQuery(formId))
  if (form.isError && !form.data) {
    const isAbsent = form.error instanceof CallError && form.error.status === 404
    return (
      <Page title="Form" back={<Back />}>
        <State
          urgent
          title={isAbsent ? 'There is no such form' : 'The form could not be loaded'}
          actions={<Button onClick={() => void form.refetch()}>Try again</Button>}
        >
          {isAbsent ? 'It may have been deleted, or it belongs to another workspace.' : form.error.message}
        </State>
      </Page>
    )
  }
  if (!form.data) return <Loading title="Form" />
  return <Known key={formId} form={form.data} />
}

/** With what it may ask for. */
function Known({ form }: { form: FormWire | undefined }) {
  const fields = useQuery(fieldsQuery)
  const tags = useQuery(tagsQuery)
  const forms = useQuery(formsQuery)
  const title = form?.name ?? 'New form'
  const failed = [fields, tags, forms].find(query => query.isError && !query.data)
  if (failed)
    return (
      <Page title={title} back={<Back />}>
        <State
          urgent
          title="Fields and tags could not be loaded"
          actions={<Button onClick={() => void failed.refetch()}>Try again</Button>}
        >
          {failed.error?.message}
        </State>
      </Page>
    )
  if (!fields.data || !tags.data || !forms.data) return <Loading title={title} />
  return (
    <FormEditor form={form} fields={fields.data} tags={tags.data} mails={forms.data.mails} back={<Back />} />
  )
}

function Back() {
  return (
    <Link to="/forms" aria-label="All forms" title="All forms" className={iconButtonClasses}>
      <ArrowLeft size={17} aria-hidden />
    </Link>
  )
}

function Loading({ title }: { title: string }) {
  return (
    <Page wide title={title} back={<Back />}>
      <div aria-busy="true" className="h-40 animate-breathe rounded-card bg-sunk" />
    </Page>
  )
}
