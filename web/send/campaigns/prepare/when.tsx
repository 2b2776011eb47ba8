import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import type { CampaignFields, SendWindow } from '../../../calls/campaigns.ts'
import { fieldsQuery } from '../../../calls/fields.ts'
import { classes } from '../../../ui/classes.ts'
import { Field } from '../../../ui/field.tsx'
import { dates } from '../../../ui/locale.ts'
import { readableTime } from '../../../ui/time.ts'
import type { UsedCopy } from '../use-working-copy.ts'
import { RadioCard } from './radio-card.tsx'
import { instantAt, wallTime, zoneShort } from './wall-clock.ts'

const AS_SHOWN = {}
/** In which all times of the app are written. */
const shownZone = () => dates(AS_SHOWN).resolvedOptions().timeZone

const WEEKDAY = { weekday: 'short', timeZone: 'UTC' } as const
const WHOLE_WEEKDAY = { weekday: 'long', timeZone: 'UTC' } as const
/** A Monday. */
const MONDAY = Date.UTC(2024, 0, 1)
const DAY = 86_400_000
const DAYS = [1, 2, 3, 4, 5, 6, 7]
const ZONE_FIELDS = ['time_zone', 'timezone']

const hoursIn = (zone: string): SendWindow => ({ days: [1, 2, 3, 4, 5], from: '08:00', to: '18:00', zone })

/** At once or later, at whose hour, and at which hours not. */
export function When({ copy, change }: { copy: UsedCopy; change: boolean }) {
  const group = useId()
  const { fields, faults } = copy
  const { scheduled_at, in_recipient_zone, send_window } = fields
  // An hour that is everybody's own belongs to no zone but the one it was thought in.
  const zone = in_recipient_zone ? fields.schedule_zone : shownZone()
  const later = scheduled_at !== null
  const past = later && Date.parse(scheduled_at) < Date.now()
  const zoneField = useQuery(fieldsQuery).data?.find(({ key }) => ZONE_FIELDS.includes(key))
  return (
    <fieldset disabled={!change} className="flex flex-col gap-2.5">
      <legend className="sr-only">When it is sent</legend>
      <RadioCard
        group={group}
        checked={!later}
        onChoose={() => copy.change({ scheduled_at: null, in_recipient_zone: false })}
        title="Now"
      />
      <RadioCard
        group={group}
        checked={later}
        onChoose={() => copy.change({ scheduled_at: nextMorning(zone), schedule_zone: zone })}
        title="At a date and time"
      />
      {later && (
        <div className="flex flex-col gap-2.5 pl-6.5">
          <Field
            label={`Date and time (${zoneName(zone, Date.parse(scheduled_at))})`}
            type="datetime-local"
            value={wallTime(scheduled_at, zone)}
            error={
              faults.scheduled_at ?? (past ? 'That is over already: it would be sent at once.' : undefined)
            }
            onChange={event => {
              const instant = instantAt(event.target.value, zone)
              if (instant) copy.change({ scheduled_at: instant, schedule_zone: zone })
            }}
          />
          <Box
            label="At that hour of each recipient’s own time zone"
            checked={in_recipient_zone}
            onChange={checked => copy.change({ in_recipient_zone: checked, schedule_zone: zone })}
            hint={
              zoneField
                ? `From the field “${zoneField.label}”. Where that is empty: ${zone}.`
                : 'Needs a field with the key time_zone, as Europe/Riga. Whoever has none gets it at your hour.'
            }
          />
        </div>
      )}
      <Box
        label="Only at certain hours"
        checked={send_window !== null}
        onChange={checked => copy.change({ send_window: checked ? hoursIn(zone) : null })}
        hint={send_window ? undefined : 'What is not sent when they end waits for the next day.'}
      />
      {send_window && (
        <Hours
          window={send_window}
          theirs={in_recipient_zone}
          error={faults.send_window}
          onChange={next => copy.change({ send_window: next })}
        />
      )}
    </fieldset>
  )
}

/** As Europe/Berlin, GMT+1; UTC says it all. */
function zoneName(zone: string, instant: number): string {
  const short = zoneShort(zone, instant)
  return short === '' || zone === 'UTC' ? zone : `${zone}, ${short}`
}

const inZone = new Map<string, Intl.DateTimeFormatOptions>()

/** When it is, and by whose clock. */
export function scheduleSaid({
  scheduled_at,
  schedule_zone,
  in_recipient_zone,
}: Pick<CampaignFields, 'scheduled_at' | 'schedule_zone' | 'in_recipient_zone'>): string {
  if (scheduled_at === null) return 'now'
  const at = Date.parse(scheduled_at)
  if (!in_recipient_zone) return `${readableTime(scheduled_at)} (${zoneName(shownZone(), at)})`
  const options = inZone.get(schedule_zone) ?? {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: schedule_zone,
  }
  inZone.set(schedule_zone, options)
  return `${dates(options).format(at)}, by the clock of each recipient`
}

/** As Mon, Tue, 08:00 to 18:00. */
export function hoursSaid({ days, from, to }: SendWindow): string {
  const names = days.map(day => dates(WEEKDAY).format(MONDAY + (day - 1) * DAY))
  return `${days.length === 7 ? '' : `${names.join(', ')}, `}${from} to ${to}`
}

/** Ten o'clock tomorrow, which is rarely right and never a disaster. */
function nextMorning(zone: string): string {
  const tomorrow = wallTime(new Date(Date.now() + DAY).toISOString(), zone).slice(0, 10)
  return instantAt(`${tomorrow}T10:00`, zone) ?? new Date(Date.now() + DAY).toISOString()
}

interface BoxProps {
  label: string
  checked: boolean
  hint: string | undefined
  onChange: (checked: boolean) => void
}

function Box({ label, checked, hint, onChange }: BoxProps) {
  const id = useId()
  return (
    <div className="flex flex-col gap-0.5">
      <label className="reach flex items-start gap-2.5 self-start">
        <input
          type="checkbox"
          className="mt-0.5 size-4 shrink-0"
          checked={checked}
          aria-describedby={hint ? id : undefined}
          onChange={event => onChange(event.target.checked)}
        />
        {label}
      </label>
      {hint && (
        <p id={id} className="pl-6.5 text-small text-soft">
          {hint}
        </p>
      )}
    </div>
  )
}

interface HoursProps {
  window: SendWindow
  /** They are those of each recipient. */
  theirs: boolean
  error: string | undefined
  onChange: (window: SendWindow) => void
}

function Hours({ window, theirs, error, onChange }: HoursProps) {
  const { days, from, to, zone } = window
  return (
    <div className="flex flex-col gap-2.5 pl-6.5">
      <div role="group" aria-label="Days" className="flex flex-wrap gap-1">
        {DAYS.map(day => {
          const on = days.includes(day)
          const at = MONDAY + (day - 1) * DAY
          return (
            <button
              key={day}
              type="button"
              aria-pressed={on}
              title={dates(WHOLE_WEEKDAY).format(at)}
              onClick={() =>
                onChange({
                  ...window,
                  days: on ? days.filter(other => other !== day) : [...days, day].toSorted(),
                })
              }
              className={classes(
                'reach h-7 min-w-9 rounded-control border px-1.5 text-small font-medium',
                on
                  ? 'border-brass-text bg-brass-wash text-brass-text'
                  : 'border-line-strong text-soft hover:bg-hover',
              )}
            >
              {dates(WEEKDAY).format(at)}
            </button>
          )
        })}
      </div>
      <div className="grid max-w-72 grid-cols-2 gap-3">
        <Field
          label="From"
          type="time"
          value={from}
          onChange={event => event.target.value && onChange({ ...window, from: event.target.value })}
        />
        <Field
          label="Until"
          type="time"
          value={to}
          onChange={event => event.target.value && onChange({ ...window, to: event.target.value })}
        />
      </div>
      <p className={error || days.length === 0 ? 'text-danger' : 'text-soft'}>
        {error ??
          (days.length === 0
            ? 'Choose at least one day.'
            : theirs
              ? 'By the clock of each recipient.'
              : `By the clock of ${zoneName(zone, Date.now())}.`)}
      </p>
    </div>
  )
}
