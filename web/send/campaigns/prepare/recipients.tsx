import { useQueries, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useId } from 'react'
import { type Recipients as Found, recipientsQuery } from '../../../calls/campaigns.ts'
import { reachQuery, segmentsQuery } from '../../../calls/segments.ts'
import { Button } from '../../../ui/button.tsx'
import { count } from '../../../ui/size.ts'
import { useSettled } from '../../segments/use-settled.ts'
import { AudienceReceiptView } from '../audience-receipt.tsx'
import type { UsedCopy } from '../use-working-copy.ts'
import { type Choice, ChoiceList } from './choice-list.tsx'
import { RadioCard } from './radio-card.tsx'

/** Long enough not to count for each box that is ticked on the way. */
const SETTLES_MS = 250

export interface Audience {
  found: Found | undefined
  /** What is shown is not yet about what is chosen. */
  behind: boolean
  /** Somebody is chosen: everybody, or at least one tag or segment. */
  chosen: boolean
  error: Error | null
  retry: () => void
}

/** Whom the campaign would go to as it stands. */
export function useAudience({ fields }: UsedCopy): Audience {
  const { send_to_all, tag_ids, segment_ids } = fields
  const text = JSON.stringify({
    send_to_all,
    tag_ids: send_to_all ? [] : tag_ids,
    segment_ids: send_to_all ? [] : segment_ids,
  })
  const settled = useSettled(text, SETTLES_MS)
  const query = useQuery(recipientsQuery(JSON.parse(settled)))
  return {
    found: query.data,
    behind: settled !== text || query.isPlaceholderData,
    chosen: send_to_all || tag_ids.length + segment_ids.length > 0,
    error: query.error,
    retry: () => void query.refetch(),
  }
}

export function Recipients({
  copy,
  audience,
  change,
}: {
  copy: UsedCopy
  audience: Audience
  change: boolean
}) {
  const group = useId()
  const { fields, faults } = copy
  const { found, chosen, error } = audience
  return (
    <fieldset disabled={!change} className="flex flex-col gap-2.5">
      <legend className="sr-only">Recipients</legend>
      <RadioCard
        group={group}
        checked={fields.send_to_all}
        onChoose={() => copy.change({ send_to_all: true })}
        title="Everybody"
        aside={found && count(found.everybody)}
      />
      <RadioCard
        group={group}
        checked={!fields.send_to_all}
        onChoose={() => copy.change({ send_to_all: false })}
        title="Tags and segments"
        aside={!fields.send_to_all && found && chosen ? count(found.receipt.included) : undefined}
        about="Whoever is in any of them, each person once."
      />
      {!fields.send_to_all && <TagsAndSegments copy={copy} found={found} />}
      {(faults.tag_ids ?? faults.segment_ids) && (
        <p className="text-danger">{faults.tag_ids ?? faults.segment_ids}</p>
      )}
      {error && !found ? (
        <div role="alert" className="flex flex-wrap items-center gap-3 text-danger">
          <span>The recipients could not be counted. {error.message}</span>
          <Button onClick={audience.retry}>Try again</Button>
        </div>
      ) : chosen ? (
        found ? (
          <AudienceReceiptView receipt={found.receipt} behind={audience.behind} />
        ) : (
          <div aria-busy="true" className="h-16 animate-breathe rounded-control bg-sunk" />
        )
      ) : (
        <p role="status" className="text-soft">
          Choose at least one tag or segment.
        </p>
      )}
    </fieldset>
  )
}

function TagsAndSegments({ copy, found }: { copy: UsedCopy; found: Found | undefined }) {
  const { tag_ids, segment_ids } = copy.fields
  const segments = useQuery(segmentsQuery).data ?? []
  const reaches = useQueries({ queries: segments.map(({ definition }) => reachQuery(definition)) })
  const tags: Choice[] = (found?.tags ?? []).map(tag => ({ ...tag, count: tag.count }))
  const some: Choice[] = segments.map(({ id, name }, index) => ({
    id,
    name,
    count: reaches[index]?.data?.reachable,
  }))
  if (found && tags.length + some.length === 0)
    return (
      <p className="text-soft">
        There is neither yet: give people{' '}
        <Link to="/tags" className="rounded-tight underline">
          tags
        </Link>
        , or build a{' '}
        <Link to="/segments/new" className="rounded-tight underline">
          segment
        </Link>
        .
      </p>
    )
  return (
    <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-1 xl:grid-cols-2">
      <ChoiceList
        label="Tags"
        choices={tags}
        chosen={tag_ids}
        onChange={ids => copy.change({ tag_ids: ids })}
      />
      <ChoiceList
        label="Segments"
        choices={some}
        chosen={segment_ids}
        onChange={ids => copy.change({ segment_ids: ids })}
      />
    </div>
  )
}
