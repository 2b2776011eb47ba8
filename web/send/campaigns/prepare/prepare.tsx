import { useQuery } from '@tanstack/react-query'
import { Link, useRouter } from '@tanstack/react-router'
import { ArrowLeft, CircleAlert, Pencil, Send } from 'lucide-react'
import { lazy, useId, useState } from 'react'
import { type Campaign, previewQuery, sendCampaign } from '../../../calls/campaigns.ts'
import { emailServicesQuery } from '../../../calls/email-services.ts'
import { OpenSidebar } from '../../../frame/open-sidebar.tsx'
import { Button, buttonClasses, iconButtonClasses } from '../../../ui/button.tsx'
import { classes } from '../../../ui/classes.ts'
import { showDialog } from '../../../ui/dialogs.tsx'
import { useDocumentTitle } from '../../../ui/document-title.ts'
import { SPLIT, useMedia } from '../../../ui/media.ts'
import { counted } from '../../../ui/size.ts'
import { previewPerson } from '../../templates/editor/person.tsx'
import { Problems } from '../../templates/editor/problems.tsx'
import { fieldsOf } from '../campaign-fields.ts'
import { Dispute } from '../dispute.tsx'
import { MailView } from '../mail-view.tsx'
import { SaveState } from '../save-state.tsx'
import { useWorkingCopy } from '../use-working-copy.ts'
import { missing } from './missing.ts'
import { RadioCard } from './radio-card.tsx'
import { Recipients, useAudience } from './recipients.tsx'
import { Step } from './step.tsx'
import { TestMail } from './test-mail.tsx'
import { When } from './when.tsx'

const ConfirmSend = lazy(() => import('./confirm-send.tsx').then(module => ({ default: module.ConfirmSend })))

/** All that is between a draft and its readers: a look, a test, who, when, and one last thought. */
export function Prepare({ campaign, change }: { campaign: Campaign; change: boolean }) {
  const { id } = campaign
  const behaviour = useId()
  const { history } = useRouter()
  const copy = useWorkingCopy(campaign, fieldsOf(campaign))
  const { fields } = copy
  const wide = useMedia(SPLIT)
  const person = previewPerson.use()
  const preview = useQuery(previewQuery(id, copy.version, person?.id))
  const audience = useAudience(copy)
  const service = useQuery(emailServicesQuery).data?.services.find(one => one.id === fields.email_service_id)
  const [tested, setTested] = useState(false)
  const gapsId = useId()
  useDocumentTitle(fields.name, 'Campaigns')

  const mail = preview.data
  const gaps = missing(fields, audience.chosen)
  const people = audience.chosen ? audience.found?.receipt.included : undefined
  const params = { campaignId: id }

  const ask = async () => {
    if (gaps.length > 0 || people === 0)
      return document.getElementById(gapsId)?.querySelector<HTMLElement>('a, p')?.focus()
    await copy.flush()
    showDialog(close => (
      <ConfirmSend
        fields={copy.latest().fields}
        subject={mail?.subject ?? fields.subject}
        service={service}
        asked={{
          send_to_all: fields.send_to_all,
          tag_ids: fields.tag_ids,
          segment_ids: fields.segment_ids,
        }}
        tested={tested}
        problems={mail?.errors.length ?? 0}
        onClose={close}
        send={async () => {
          if (!(await copy.flush())) throw copy.latest().failure ?? new Error('Something is not saved yet.')
          const { send_to_all, save_as_draft, tag_ids, segment_ids, ...how } = copy.latest().fields
          copy.close()
          await sendCampaign(id, {
            recipients: send_to_all ? 'all' : 'chosen',
            ...(!send_to_all && { tag_ids, segment_ids }),
            scheduled_at: how.scheduled_at,
            schedule_zone: how.schedule_zone,
            in_recipient_zone: how.in_recipient_zone,
            send_window: how.send_window,
            behaviour: save_as_draft ? 'draft' : 'auto',
          })
          close()
        }}
      />
    ))
  }

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
        <h1
          tabIndex={-1}
          dir="auto"
          className="min-w-0 grow truncate px-2 text-left text-lead font-semibold outline-none"
        >
          {fields.name}
        </h1>
        {change && <SaveState copy={copy} />}
        {change && (
          <Link to="/campaigns/$campaignId/edit" params={params} className={buttonClasses()}>
            <Pencil size={14} aria-hidden />
            Edit
          </Link>
        )}
        <span className="corner" />
      </div>
      <Dispute copy={copy} />
      <div className={classes('flex min-h-0 grow', !wide && 'flex-col overflow-y-auto')}>
        <section
          aria-label="How it looks"
          className={classes(
            'flex min-w-0 flex-col',
            wide ? 'grow border-r border-line' : 'h-[34rem] shrink-0',
          )}
        >
          <MailView
            campaignId={id}
            mail={mail ?? null}
            preheader={fields.preheader}
            busy={preview.isFetching}
            failure={preview.error}
          />
          <Problems rendered={mail ?? null} />
        </section>
        <div
          className={classes(
            'flex shrink-0 flex-col',
            wide ? 'w-[25rem] xl:w-[28rem]' : 'border-t border-line',
          )}
        >
          <div className={classes('flex min-h-0 grow flex-col', wide && 'overflow-y-auto')}>
            {change && (
              <Step number={1} title="Send yourself a test">
                <TestMail copy={copy} onTested={() => setTested(true)} />
              </Step>
            )}
            <Step number={2} title="Recipients">
              <Recipients copy={copy} audience={audience} change={change} />
            </Step>
            <Step number={3} title="When">
              <When copy={copy} change={change} />
            </Step>
            <Step number={4} title="How">
              <fieldset disabled={!change} className="flex flex-col gap-2.5">
                <legend className="sr-only">Sending behaviour</legend>
                <RadioCard
                  group={behaviour}
                  checked={!fields.save_as_draft}
                  onChoose={() => copy.change({ save_as_draft: false })}
                  title="Send automatically"
                />
                <RadioCard
                  group={behaviour}
                  checked={fields.save_as_draft}
                  onChoose={() => copy.change({ save_as_draft: true })}
                  title="Keep as drafts"
                  about="Each mail is made and waits among the messages until somebody sends it."
                />
              </fieldset>
            </Step>
          </div>
          {change && (
            <div className="flex shrink-0 flex-col gap-2.5 border-t border-line bg-sunk px-4 py-3.5 lg:px-6">
              <div id={gapsId} className="empty:hidden">
                {gaps.length > 0 ? (
                  <>
                    <p tabIndex={-1} className="flex items-center gap-2 font-medium">
                      <CircleAlert size={15} className="shrink-0 text-brass-text" aria-hidden />
                      Before it can be sent:
                    </p>
                    <ul className="mt-1 flex flex-col gap-0.5 pl-6">
                      {gaps.map(({ text, toEdit }) => (
                        <li key={text}>
                          {toEdit ? (
                            <Link
                              to="/campaigns/$campaignId/edit"
                              params={params}
                              className="rounded-tight underline"
                            >
                              {text}
                            </Link>
                          ) : (
                            text
                          )}
                        </li>
                      ))}
                    </ul>
                  </>
                ) : (
                  people === 0 && (
                    <p tabIndex={-1} className="text-danger">
                      Nobody would get it. Choose other recipients.
                    </p>
                  )
                )}
              </div>
              <Button
                look={gaps.length > 0 || people === 0 ? 'plain' : 'primary'}
                className="h-10 text-body"
                // Pressed all the same, it leads to what is missing.
                aria-describedby={gapsId}
                onClick={() => void ask()}
              >
                <Send size={15} aria-hidden />
                {label(people, fields.scheduled_at !== null, fields.save_as_draft)}
              </Button>
              <p className="text-center text-small text-faint">
                You are asked once more, with all of it in sight.
              </p>
            </div>
          )}
          {!change && (
            <p className="border-t border-line bg-sunk px-4 py-3.5 text-soft lg:px-6">
              The admins of this workspace send campaigns.{' '}
              <button type="button" className="rounded-tight underline" onClick={() => history.back()}>
                Back
              </button>
            </p>
          )}
        </div>
      </div>
    </div>
  )
}

function label(people: number | undefined, later: boolean, drafts: boolean): string {
  if (drafts) return people === undefined ? 'Make drafts …' : `Make ${counted(people, 'draft')} …`
  if (later)
    return people === undefined ? 'Schedule …' : `Schedule for ${counted(people, 'person', 'people')} …`
  return people === undefined ? 'Send …' : `Send to ${counted(people, 'person', 'people')} …`
}
