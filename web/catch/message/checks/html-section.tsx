import { useQuery } from '@tanstack/react-query'
import type { HtmlCheck } from '../../../../server/catch/api/wire.ts'
import { htmlCheckQuery } from '../../../calls/checks.ts'
import { counted } from '../../../ui/size.ts'
import { useInboxPlace } from '../../inbox-place.ts'
import { Checking, CheckSection, NotChecked } from './check-section.tsx'
import { HtmlRuleEntry } from './html-rule.tsx'

export function HtmlSection({ id }: { id: number }) {
  const { inboxId } = useInboxPlace()
  const check = useQuery(htmlCheckQuery(inboxId, id))
  const { data } = check
  const reason = check.error?.message ?? (data?.available === false ? data.reason : '')
  return (
    <CheckSection title="HTML" verdict={data?.available && data.has_html && summary(data)}>
      {check.isPending ? (
        <Checking />
      ) : data?.available ? (
        <Found check={data} id={id} />
      ) : (
        <NotChecked reason={reason} busy={check.isFetching} onRetry={() => void check.refetch()} />
      )}
    </CheckSection>
  )
}

type Found = Extract<HtmlCheck, { available: true }>

function summary({ rules }: Found): string {
  if (rules.length === 0) return 'Every mail program that was tested supports all of it'
  const lacking = rules.filter(({ none }) => Object.keys(none).length > 0).length
  const parts = [
    lacking > 0 && `${counted(lacking, 'feature')} not supported everywhere`,
    rules.length > lacking && `${rules.length - lacking} only in part somewhere`,
  ]
  return parts.filter(Boolean).join(', ')
}

function Found({ check: { has_html, rules, note }, id }: { check: Found; id: number }) {
  if (!has_html) return <p className="text-body text-soft">The message has no HTML part.</p>
  return (
    <>
      {note && <p className="mb-2 text-small text-brass-text">{note}</p>}
      {rules.length > 0 && (
        <ul className="border-t border-line">
          {rules.map(rule => (
            <li key={rule.url} className="border-b border-line last:border-0">
              <HtmlRuleEntry rule={rule} id={id} />
            </li>
          ))}
        </ul>
      )}
      <p className="mt-3 text-small text-faint">
        By the tests of{' '}
        <a
          href="https://www.caniemail.com/"
          target="_blank"
          rel="noopener noreferrer"
          className="underline underline-offset-2 hover:text-ink"
        >
          caniemail.com
        </a>
      </p>
    </>
  )
}
