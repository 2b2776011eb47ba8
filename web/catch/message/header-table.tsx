import { useQuery } from '@tanstack/react-query'
import { headersQuery } from '../../calls/messages.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { useInboxPlace } from '../inbox-place.ts'
import { PartFailed } from './part-failed.tsx'

export function HeaderTable({ id }: { id: number }) {
  const { inboxId } = useInboxPlace()
  const headers = useQuery(headersQuery(inboxId, id))
  if (headers.isError) return <PartFailed error={headers.error} onRetry={() => void headers.refetch()} />
  if (!headers.data) return null
  return (
    <div className="min-h-0 grow overflow-y-auto px-4 py-3 lg:px-6">
      <div className="mb-2 flex items-center justify-between">
        <span className="text-small text-faint tabular-nums">{headers.data.length} fields, in order</span>
        <CopyButton
          text={headers.data.map(({ raw }) => raw).join('\n')}
          label="Copy all headers"
          words="Copy all"
        />
      </div>
      <table className="w-full table-fixed border-collapse text-left">
        <caption className="sr-only">Header fields</caption>
        <colgroup>
          <col className="w-44" />
          <col />
          <col className="w-9" />
        </colgroup>
        <tbody>
          {headers.data.map(({ name, value }, index) => (
            <tr
              key={`${index} ${name}`}
              className="group border-t border-line align-top max-sm:flex max-sm:flex-wrap"
            >
              <th
                scope="row"
                className="py-1.5 pr-4 font-medium break-words text-soft max-sm:w-full max-sm:pb-0"
              >
                {name}
              </th>
              <td
                dir="auto"
                className="py-1.5 font-mono text-small leading-5 [overflow-wrap:anywhere] max-sm:grow max-sm:basis-0"
              >
                {value}
              </td>
              <td className="py-0.5 text-right">
                <span className="opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100">
                  <CopyButton text={value} label={`Copy ${name}`} />
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
