import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { send } from '../../calls/http.ts'
import { messagePath } from '../../calls/messages.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { readableSize } from '../../ui/size.ts'
import { useInboxPlace } from '../inbox-place.ts'
import { LongText } from './long-text.tsx'
import { PartFailed } from './part-failed.tsx'

const FIRST_BYTES = 256 * 1024
const LINES_PER_PIECE = 200

/** The message as it came. Of a long one the beginning, and more of it each time it is asked for. */
export function RawSource({ id, size }: { id: number; size: number }) {
  const { inboxId } = useInboxPlace()
  const [bytes, setBytes] = useState(FIRST_BYTES)
  const raw = useQuery({
    queryKey: ['message', inboxId, id, 'raw', Math.min(bytes, size)],
    queryFn: ({ signal }) => beginning(`${messagePath(inboxId, id)}/raw`, bytes, signal),
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  })
  const pieces = useMemo(() => inPieces(raw.data ?? ''), [raw.data])
  if (raw.isError && raw.data === undefined)
    return <PartFailed error={raw.error} onRetry={() => void raw.refetch()} />
  if (raw.data === undefined) return null
  const shown = Math.min(bytes, size)
  return (
    <div className="min-h-0 grow overflow-y-auto px-4 py-3 lg:px-6">
      <div className="mb-2 flex items-center justify-between">
        <span className="text-small text-faint tabular-nums">
          {shown < size
            ? `The first ${readableSize(shown)} of ${readableSize(size)}`
            : `${readableSize(size)}, as received`}
        </span>
        <CopyButton text={raw.data} label="Copy raw message" words="Copy" />
      </div>
      <LongText pieces={pieces.map(({ text }) => text)} lines={pieces.map(({ lines }) => lines)} />
      {shown < size && (
        <div className="flex justify-center py-4">
          <Button busy={raw.isFetching} onClick={() => setBytes(bytes * 4)}>
            Show more
          </Button>
        </div>
      )}
    </div>
  )
}

/** Reads no more than is shown: the rest of a 25 MB message is not even sent. */
async function beginning(path: string, bytes: number, signal: AbortSignal): Promise<string> {
  const response = await send(path, { signal })
  const reader = response.body?.getReader()
  if (!reader) return response.text()
  const decoder = new TextDecoder()
  let text = ''
  let left = bytes
  while (left > 0) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    text += decoder.decode(value.subarray(0, left), { stream: true })
    left -= value.length
  }
  await reader.cancel()
  return text
}

function inPieces(text: string): { text: string; lines: number }[] {
  const lines = text.split('\n')
  const pieces: { text: string; lines: number }[] = []
  for (let at = 0; at < lines.length; at += LINES_PER_PIECE) {
    const some = lines.slice(at, at + LINES_PER_PIECE)
    pieces.push({ text: some.join('\n'), lines: some.length })
  }
  return pieces
}
