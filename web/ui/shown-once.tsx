import { type ReactNode, useEffect, useRef } from 'react'
import { CopyButton } from './copy-button.tsx'

interface ShownOnceProps {
  /** What to do with it, read out as it appears. */
  children: ReactNode
  text: string
  copyLabel: string
}

/** A secret that is shown this once. */
export function ShownOnce({ children, text, copyLabel }: ShownOnceProps) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    box.current?.scrollIntoView({ block: 'nearest' })
  }, [text])
  return (
    <div
      ref={box}
      role="status"
      className="flex flex-col gap-2 rounded-card border border-brass-line bg-brass-wash p-3"
    >
      <span className="font-medium [overflow-wrap:anywhere]">{children}</span>
      <div className="flex items-center gap-2">
        <code className="min-w-0 grow rounded-control border border-line bg-ground px-3 py-2 font-mono text-small break-all">
          {text}
        </code>
        <CopyButton text={text} label={copyLabel} words="Copy" />
      </div>
    </div>
  )
}
