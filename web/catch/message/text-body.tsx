import { useQuery } from '@tanstack/react-query'
import { textQuery } from '../../calls/messages.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { useInboxPlace } from '../inbox-place.ts'
import { PartFailed } from './part-failed.tsx'

const LINK = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]}'])/g

export function TextBody({ id }: { id: number }) {
  const { inboxId } = useInboxPlace()
  const text = useQuery(textQuery(inboxId, id, 'text'))
  if (text.isError) return <PartFailed error={text.error} onRetry={() => void text.refetch()} />
  if (text.data === undefined) return null
  return (
    <div className="relative min-h-0 grow overflow-y-auto">
      <div className="sticky top-2 float-right mr-2 rounded-control bg-ground">
        <CopyButton text={text.data} label="Copy text" />
      </div>
      <pre
        dir="auto"
        className="max-w-[92ch] px-4 py-4 font-mono text-base leading-relaxed [overflow-wrap:anywhere] whitespace-pre-wrap lg:px-6"
      >
        {text.data.split(LINK).map((piece, index) =>
          index % 2 === 1 ? (
            <a
              key={`${index} ${piece}`}
              href={piece}
              target="_blank"
              rel="noopener noreferrer"
              className="text-brass-text underline decoration-brass-line underline-offset-2 hover:decoration-current"
            >
              {piece}
            </a>
          ) : (
            piece
          ),
        )}
      </pre>
    </div>
  )
}
