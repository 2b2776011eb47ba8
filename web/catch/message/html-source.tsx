import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { textQuery } from '../../calls/messages.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { readableSize } from '../../ui/size.ts'
import { useInboxPlace } from '../inbox-place.ts'
import { formatHtml } from './format-html.ts'
import { type HtmlToken, htmlTokens, type TokenKind } from './html-tokens.ts'
import { LongText } from './long-text.tsx'
import { PartFailed } from './part-failed.tsx'
import { wantedLine } from './wanted-line.ts'

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
  const wanted = wantedLine.use()
  const line = wanted?.id === id ? wanted.line : undefined
  // Lines are counted in the source as it was sent.
  const [formatted, setFormatted] = useState(line === undefined)
  const { data } = source
  const pieces = useMemo(
    () => (data === undefined ? [] : formatted ? coloured(formatHtml(data)) : coloured(data, line)),
    [data, formatted, line],
  )
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (data !== undefined && line !== undefined)
      place.current?.querySelector('mark')?.scrollIntoView({ block: 'center' })
  }, [data, line])
  // What was wanted once is not wanted again.
  useEffect(() => () => wantedLine.set(null), [])
  if (source.isError) return <PartFailed error={source.error} onRetry={() => void source.refetch()} />
  if (data === undefined) return null
  return (
    <div ref={place} className="min-h-0 grow overflow-y-auto px-4 py-3 lg:px-6">
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

/** @param line is marked, from 1 */
function coloured(source: string, line?: number): ReactNode[] {
  const tokens: HtmlToken[] =
    source.length > MOST_COLOURED ? [{ kind: 'text', text: source }] : htmlTokens(source)
  const pieces: ReactNode[] = []
  let piece: ReactNode[] = []
  let lines = 0
  for (const { kind, text } of tokens) {
    const className = COLOURS[kind]
    text.split(/(?<=\n)/).forEach(part => {
      const isWanted = pieces.length * LINES_PER_PIECE + lines + 1 === line
      const Element = isWanted ? 'mark' : 'span'
      piece.push(
        className || isWanted ? (
          <Element
            key={piece.length}
            className={isWanted ? `${className || 'text-ink'} bg-chosen` : className}
          >
            {part}
          </Element>
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
