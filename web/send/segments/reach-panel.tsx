import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CallError } from '../../calls/http.ts'
import { previewQuery, type SegmentDefinition } from '../../calls/segments.ts'
import { Button, buttonClasses } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { FormError } from '../../ui/field.tsx'
import { count } from '../../ui/size.ts'
import { personName } from '../person-name.ts'
import { StatusBadge } from '../status.tsx'
import { useSettled } from './use-settled.ts'

const EVERYBODY: SegmentDefinition = { match: 'all', conditions: [] }
/** Long enough not to ask for each letter of a word. */
const SETTLES_MS = 400

interface ReachPanelProps {
  /** Undefined: something is not finished. */
  definition: SegmentDefinition | undefined
  /** Of what is saved, if nothing was changed since. */
  segmentId: number | undefined
}

/** How many that would be, and who, as it is put together. A question that was overtaken is given up. */
export function ReachPanel({ definition, segmentId }: ReachPanelProps) {
  const text = definition && JSON.stringify(definition)
  const settled = useSettled(text, SETTLES_MS)
  const asked = settled === undefined ? EVERYBODY : (JSON.parse(settled) as SegmentDefinition)
  const preview = useQuery({
    ...previewQuery(asked),
    enabled: settled !== undefined,
    placeholderData: keepPreviousData,
  })
  const { data, error } = preview
  const behind = settled !== text || preview.isPlaceholderData || preview.isFetching
  const faults = error instanceof CallError ? error.fields.definition : undefined
  return (
    <section
      aria-label="Whom it reaches"
      aria-busy={behind}
      className="flex flex-col gap-4 rounded-card border border-line bg-raised p-4"
    >
      <div role="status" className={classes('flex flex-col gap-0.5', (behind || !text) && 'text-faint')}>
        {data ? (
          <>
            <p className="text-title font-semibold tabular-nums">
              {count(data.count)}{' '}
              <span className="text-body font-normal">{data.count === 1 ? 'person' : 'people'}</span>
            </p>
            <p className={classes(text && !behind && 'text-soft')}>
              {text
                ? data.reachable === data.count
                  ? data.count === 0
                    ? 'Nobody matches this.'
                    : 'All of them can be written to.'
                  : `${count(data.reachable)} of them can be written to: subscribed, and not suppressed.`
                : 'Finish the conditions to see how many there are now.'}
            </p>
          </>
        ) : text ? (
          !error && <div className="h-12 animate-breathe rounded-control bg-sunk" />
        ) : (
          <p>Finish the conditions to see how many there are.</p>
        )}
      </div>
      {error && text && (
        <>
          <FormError>{faults ? faults.map(fault => `${fault}.`).join(' ') : error.message}</FormError>
          {!faults && (
            <Button className="self-start" onClick={() => void preview.refetch()}>
              Try again
            </Button>
          )}
        </>
      )}
      {data && data.subscribers.length > 0 && (
        <div className="flex flex-col gap-1">
          <h2 className="text-small text-faint">
            {data.count > data.subscribers.length ? `The first ${data.subscribers.length}` : 'All of them'}
          </h2>
          <ul className="flex flex-col">
            {data.subscribers.map(person => (
              <li
                key={person.id}
                className="flex items-center gap-2 border-b border-line py-1.5 last:border-0"
              >
                <Link
                  to="/subscribers/$subscriberId"
                  params={{ subscriberId: person.id }}
                  className="min-w-0 grow rounded-tight hover:underline"
                >
                  <span className="block truncate" title={person.email}>
                    {person.email}
                  </span>
                  {personName(person) && (
                    <span dir="auto" className="block truncate text-left text-small text-faint">
                      {personName(person)}
                    </span>
                  )}
                </Link>
                {person.status !== 'subscribed' && <StatusBadge status={person.status} />}
              </li>
            ))}
          </ul>
        </div>
      )}
      {data && data.count > 0 && segmentId !== undefined && (
        <Link to="/subscribers" search={{ segment: segmentId }} className={buttonClasses()}>
          Show them in the list
        </Link>
      )}
    </section>
  )
}
