import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo, useState } from 'react'
import { textQuery } from '../../calls/messages.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { readableSize } from '../../ui/size.ts'
import { useInboxPlace } from '../inbox-place.ts'
import { formatHtml } from './format-html.ts'
import { type HtmlToken, htmlTokens, type TokenKind } from './html-tokens.ts'
import { LongText } from './long-text.tsx'
import { PartFailed } from './part-failed.tsx'

/** Longer sources are shown without colours: the page should stay quick more than it should be colourful. */
const MOST_COLOURED = 600_000
const LINES_PER_PIECE = 100

const COLOURS: Record<TokenKind, string> = {
  text: '',
  tag: 'text-(--syntax-tag)',
  name: 'text-(--syntax-name)',
  value: 'text-(--syntax-value)',
  quiet: 'text-(--syntax-quiet) italic',
}

export function HtmlSource({ id }: { id: number }) {
  const { inboxId } = useInboxPlace()
  const source = useQuery(textQuery(inboxId, id, 'source'))
  const [formatted, setFormatted] = useState(true)
  const { data } = source
  const pieces = useMemo(
    () => (data === undefined ? [] : coloured(formatted ? formatHtml(data) : data)),
    [data, formatted],
  )
  if (source.isError) return <PartFailed error={source.error} onRetry={() => void source.refetch()} />
  if (data === undefined) return null
  return (
    <div className="min-h-0 grow overflow-y-auto px-4 py-3 lg:px-6">
      <div className="mb-2 flex items-center gap-2">
        <span className="grow text-small text-faint tabular-nums">{readableSize(data.length)}</span>
        <Button aria-pressed={formatted} onClick={() => setFormatted(!formatted)}>
          {formatted ? 'As sent' : 'Formatted'}
        </Button>
        <CopyButton text={data} label="Copy HTML source" words="Copy" />
      </div>
      <LongText pieces={pieces} lines={pieces.map(() => LINES_PER_PIECE)} />
    </div>
  )
}

function coloured(source: string): ReactNode[] {
  const tokens: HtmlToken[] =
    source.length > MOST_COLOURED ? [{ kind: 'text', text: source }] : htmlTokens(source)
  const pieces: ReactNode[] = []
  let piece: ReactNode[] = []
  let lines = 0
  for (const { kind, text } of tokens) {
    const className = COLOURS[kind]
    text.split(/(?<=\n)/).forEach(part => {
      piece.push(
        className ? (
          <span key={piece.length} className={className}>
            {part}
          </span>
        ) : (
          part
        ),
      )
      if (part.endsWith('\n') && ++lines === LINES_PER_PIECE) {
        pieces.push(piece)
        piece = []
        lines = 0
      }
    })
  }
  return [...pieces, piece]
}
