import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ComponentProps, ReactNode } from 'react'
import { useId, useRef, useState } from 'react'
import type { CampaignFields } from '../../../calls/campaigns.ts'
import { emailServicesQuery } from '../../../calls/email-services.ts'
import { sendingDomainsQuery } from '../../../calls/sending-domains.ts'
import type { TemplateLanguage } from '../../../calls/templates.ts'
import { iconButtonClasses } from '../../../ui/button.tsx'
import { classes } from '../../../ui/classes.ts'
import { inputClasses } from '../../../ui/field.tsx'
import { SelectField } from '../../../ui/select-field.tsx'
import { MergeTagMenu } from '../../templates/editor/merge-tag-menu.tsx'
import type { UsedCopy } from '../use-working-copy.ts'

type TextName = 'subject' | 'preheader' | 'from_name' | 'from_email' | 'reply_to'

/** What stands in the mailbox before the mail is opened, and how it gets there. */
export function EnvelopeFields({ copy, language }: { copy: UsedCopy; language: TemplateLanguage }) {
  const { fields, change } = copy
  const unsigned = useUnsigned(fields.from_email)
  return (
    <div className="grid gap-x-5 gap-y-4 sm:grid-cols-2">
      <Line
        copy={copy}
        name="subject"
        label="Subject"
        className="sm:col-span-2"
        placeholder="What it is about, in a few words"
        language={language}
      />
      <Line
        copy={copy}
        name="preheader"
        label="Preheader"
        className="sm:col-span-2"
        hint="Stands behind the subject in most mailboxes."
        language={language}
      />
      <Line copy={copy} name="from_name" label="From name" placeholder="Your newsletter" />
      <Line
        copy={copy}
        name="from_email"
        label="From email"
        type="email"
        inputMode="email"
        placeholder="news@example.com"
        hint={
          unsigned && (
            <>
              Not one of your{' '}
              <Link to="/sending-domains" className="rounded-tight underline">
                sending domains
              </Link>
              : unsigned, it easily counts as spam.
            </>
          )
        }
      />
      <Line
        copy={copy}
        name="reply_to"
        label="Reply to"
        type="email"
        inputMode="email"
        placeholder="The same address"
      />
      <ServiceField
        value={fields.email_service_id}
        error={copy.faults.email_service_id}
        onChange={email_service_id => change({ email_service_id })}
      />
    </div>
  )
}

/** Whether there are no keys here to sign for that address with. */
function useUnsigned(address: string): boolean {
  const domains = useQuery({ ...sendingDomainsQuery, retry: false }).data
  const [, domain] = /@([^@\s]+\.[^@\s]+)$/.exec(address.trim().toLowerCase()) ?? []
  if (!domain || !domains) return false
  return !domains.some(known => domain === known.domain || domain.endsWith(`.${known.domain}`))
}

interface LineProps extends Omit<ComponentProps<'input'>, 'name'> {
  copy: UsedCopy
  name: TextName
  label: string
  hint?: ReactNode
  /** Given: merge tags can be put in. */
  language?: TemplateLanguage
}

function Line({ copy, name, label, hint, language, className, ...rest }: LineProps) {
  const id = useId()
  const field = useRef<HTMLInputElement>(null)
  const [within, setWithin] = useState(false)
  // Nobody is told that an address is wrong while they are writing it.
  const fault = within ? undefined : copy.faults[name]
  const set = (text: string) => copy.change({ [name]: text } as Partial<CampaignFields>)
  const insert = (tag: string) => {
    const input = field.current
    const value = copy.fields[name]
    const [from, to] = [input?.selectionStart ?? value.length, input?.selectionEnd ?? value.length]
    set(value.slice(0, from) + tag + value.slice(to))
    // After the menu has given the focus back.
    requestAnimationFrame(() => {
      input?.focus()
      input?.setSelectionRange(from + tag.length, from + tag.length)
    })
  }
  return (
    <div className={classes('flex flex-col gap-1.5', className)}>
      <label htmlFor={id} className="self-start font-medium">
        {label}
      </label>
      <div className="relative">
        <input
          ref={field}
          id={id}
          name={name}
          dir="auto"
          maxLength={255}
          autoComplete="off"
          className={classes(inputClasses, language && 'pr-10')}
          aria-invalid={fault ? true : undefined}
          aria-describedby={fault || hint ? `${id}-about` : undefined}
          value={copy.fields[name]}
          onChange={event => set(event.target.value)}
          onFocus={() => setWithin(true)}
          onBlur={() => setWithin(false)}
          {...rest}
        />
        {language && (
          <span className="absolute top-1 right-1">
            <MergeTagMenu personOnly language={language} className={iconButtonClasses} onInsert={insert} />
          </span>
        )}
      </div>
      {(fault || hint) && (
        <p id={`${id}-about`} className={fault ? 'text-danger' : 'text-soft'}>
          {fault ?? hint}
        </p>
      )}
    </div>
  )
}

interface ServiceFieldProps {
  value: number | null
  error: string | undefined
  onChange: (id: number | null) => void
}

function ServiceField({ value, error, onChange }: ServiceFieldProps) {
  const list = useQuery(emailServicesQuery)
  const services = list.data?.services ?? []
  const chosen = services.find(service => service.id === value)
  return (
    <SelectField
      label="Email service"
      value={value ?? ''}
      error={error}
      hint={
        list.isError && !list.data ? (
          `The services could not be loaded. ${list.error.message}`
        ) : list.data && services.length === 0 ? (
          <>
            There is no way out yet.{' '}
            <Link to="/email-services" className="rounded-tight underline">
              Add an email service
            </Link>
            , and come back.
          </>
        ) : (
          chosen && !chosen.state.up && <span className="text-danger">Down: {chosen.state.down_reason}</span>
        )
      }
      onChange={event => onChange(Number(event.target.value) || null)}
    >
      <option value="">Choose one</option>
      {value !== null && !chosen && <option value={value}>{list.data ? 'A deleted one' : '…'}</option>}
      {services.map(({ id, name, type }) => (
        <option key={id} value={id}>
          {name} ({type})
        </option>
      ))}
    </SelectField>
  )
}
