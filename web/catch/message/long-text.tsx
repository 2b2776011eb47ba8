import type { ReactNode } from 'react'

interface LongTextProps {
  /** Pieces that end with a line end; what is far from view is not laid out. */
  pieces: readonly ReactNode[]
  /** Lines in each, to reserve their height. */
  lines: readonly number[]
}

export function LongText({ pieces, lines }: LongTextProps) {
  return (
    <div className="font-mono text-small leading-5 [overflow-wrap:anywhere] whitespace-pre-wrap" dir="ltr">
      {pieces.map((piece, index) => (
        <div
          key={index}
          className="[content-visibility:auto]"
          style={{ containIntrinsicBlockSize: `auto ${(lines[index] ?? 1) * 20}px` }}
        >
          {piece}
        </div>
      ))}
    </div>
  )
}
