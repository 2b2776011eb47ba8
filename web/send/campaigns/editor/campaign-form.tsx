import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { ArrowLeft, ArrowRight, Copy, MoreHorizontal, Trash2 } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { templateQuery } from '../../../calls/templates.ts'
import { OpenSidebar } from '../../../frame/open-sidebar.tsx'
import { Button, iconButtonClasses } from '../../../ui/button.tsx'
import { classes } from '../../../ui/classes.ts'
import { useDocumentTitle } from '../../../ui/document-title.ts'
import { SPLIT, useMedia } from '../../../ui/media.ts'
import { Menu } from '../../../ui/menu.tsx'
import { Problems } from '../../templates/editor/problems.tsx'
import { previewPerson } from '../../templates/editor/person.tsx'
import { useRendering } from '../../templates/editor/rendering.ts'
import { Segments } from '../../templates/editor/segments.tsx'
import { duplicate, remove } from '../deeds.tsx'
import { Dispute } from '../dispute.tsx'
import { MailView } from '../mail-view.tsx'
import { SaveState } from '../save-state.tsx'
import type { UsedCopy } from '../use-working-copy.ts'
import { Attachments } from './attachments.tsx'
import { ContentField } from './content-field.tsx'
import { EnvelopeFields } from './envelope-fields.tsx'
import { TrackingFields } from './tracking-fields.tsx'

/** Where a campaign is written, with what becomes of it beside it. */
export function CampaignForm({ copy }: { copy: UsedCopy }) {
  const { id, fields, faults, change, flush } = copy
  const navigate = useNavigate()
  const wide = useMedia(SPLIT)
  const [view, setView] = useState<'write' | 'preview'>('write')
  useDocumentTitle(fields.name || 'New campaign', 'Campaigns')
  useSaveKey(() => void flush())

  const template = useQuery({
    ...templateQuery(fields.template_id ?? 0),
    enabled: fields.template_id !== null,
  })
  const look = fields.template_id === null ? undefined : template.data
  const person = previewPerson.use()
  const rendering = useRendering({
    kind: look?.kind ?? 'html',
    language: look?.language ?? 'tags',
    source: look?.source ?? '{{content}}',
    subject: fields.subject,
    content: fields.content ?? '',
    ...(person && { subscriber_id: person.id }),
  })

  const goOn = async () => {
    await flush()
    const { id: made } = copy.latest()
    if (made !== null) await navigate({ to: '/campaigns/$campaignId', params: { campaignId: made } })
  }
  /** Files belong to a campaign, so there has to be one. */
  const made = async () => {
    if (copy.latest().id === null) {
      change({ name: fields.name.trim() || fields.subject.trim() || 'Untitled campaign' })
      await flush()
    }
    return copy.latest().id
  }
  const entries = [
    {
      label: 'Duplicate',
      icon: Copy,
      act: async () => {
        await flush()
        const other = id === null ? null : await duplicate(id)
        if (other !== null)
          await navigate({ to: '/campaigns/$campaignId/edit', params: { campaignId: other } })
      },
    },
    'line' as const,
    {
      label: 'Delete',
      icon: Trash2,
      danger: true,
      act: async () => {
        if (id !== null && (await remove({ id, name: fields.name || 'Untitled campaign' }))) {
          copy.close()
          await navigate({ to: '/campaigns', ignoreBlocker: true })
        }
      },
    },
  ]

  return (
    <div className="flex min-h-0 min-w-0 grow flex-col">
      <div className="flex h-13 shrink-0 items-center gap-1.5 border-b border-line px-3 lg:gap-2 lg:px-4">
        <OpenSidebar />
        <Link
          to="/campaigns"
          aria-label="All campaigns"
          title="All campaigns"
          className={classes(iconButtonClasses, 'shrink-0')}
        >
          <ArrowLeft size={17} aria-hidden />
        </Link>
        <h1 tabIndex={-1} className="sr-only">
          {fields.name || 'New campaign'}
        </h1>
        <input
          aria-label="Name of the campaign"
          name="name"
          dir="auto"
          placeholder="Name of the campaign"
          value={fields.name}
          maxLength={255}
          autoComplete="off"
          autoFocus={id === null}
          aria-invalid={faults.name ? true : undefined}
          onChange={event => change({ name: event.target.value })}
          className="inset-focus h-8 min-w-0 grow truncate rounded-control bg-transparent px-2 text-lead font-semibold placeholder:font-normal placeholder:text-faint hover:bg-hover focus:bg-ground"
        />
        <SaveState copy={copy} />
        {id !== null && (
          <Menu label="More" className={iconButtonClasses} entries={entries}>
            <MoreHorizontal size={17} aria-hidden />
          </Menu>
        )}
        <Button look="primary" disabled={id === null && copy.phase === 'saved'} onClick={() => void goOn()}>
          <span className="max-sm:sr-only">Preview and send</span>
          <ArrowRight size={15} aria-hidden />
        </Button>
        <span className="corner" />
      </div>
      <Dispute copy={copy} />
      {copy.phase === 'failed' && copy.failure && (
        <p
          role="alert"
          className="shrink-0 border-b border-line bg-danger-wash px-4 py-2 text-danger lg:px-8"
        >
          Not saved: {sentence(copy.failure.message)} What you write stays in this browser.
        </p>
      )}
      {!wide && (
        <div className="flex h-11 shrink-0 items-center border-b border-line px-3">
          <Segments
            label="View"
            value={view}
            onChange={setView}
            choices={[
              { value: 'write', label: 'Write' },
              { value: 'preview', label: 'Preview' },
            ]}
          />
        </div>
      )}
      <div className="flex min-h-0 grow">
        <div
          className={classes(
            'min-w-0 overflow-y-auto',
            wide ? 'w-[58%] shrink-0 border-r border-line' : 'grow',
            !wide && view !== 'write' && 'hidden',
          )}
        >
          <form
            noValidate
            onSubmit={event => event.preventDefault()}
            className="mx-auto flex max-w-3xl flex-col gap-6 px-4 pt-5 pb-16 lg:px-8"
          >
            <EnvelopeFields copy={copy} language={look?.language ?? 'tags'} />
            <ContentField copy={copy} template={look} problems={rendering.last?.errors ?? []} />
            <Attachments campaignId={id} make={made} />
            <TrackingFields copy={copy} />
          </form>
        </div>
        {(wide || view === 'preview') && (
          <div className="flex min-w-0 grow flex-col">
            <MailView
              campaignId={id}
              mail={
                rendering.good && {
                  ...rendering.good,
                  from: { name: fields.from_name, email: fields.from_email },
                }
              }
              preheader={fields.preheader}
              busy={rendering.busy}
              failure={rendering.failure}
            />
            <Problems rendered={rendering.last} />
          </div>
        )}
      </div>
    </div>
  )
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}

/** Wherever the focus is: it is saved anyhow, but some fingers ask for it. */
function useSaveKey(save: () => void): void {
  const current = useRef(save)
  useEffect(() => {
    current.current = save
  })
  useEffect(() => {
    const heard = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== 's') return
      event.preventDefault()
      current.current()
    }
    addEventListener('keydown', heard)
    return () => removeEventListener('keydown', heard)
  }, [])
}
