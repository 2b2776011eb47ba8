import { html } from '@codemirror/lang-html'
import { MergeView, unifiedMergeView } from '@codemirror/merge'
import { EditorState } from '@codemirror/state'
import { EditorView, lineNumbers } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import { SPLIT, useMedia } from '../../../ui/media.ts'
import { colours } from './colours.ts'
import { look } from './look.ts'

interface SourceDiffProps {
  before: string
  after: string
  /** There is nothing to compare with. */
  first: boolean
}

/** What is different: side by side where there is room, else one below the other. */
export function SourceDiff({ before, after, first }: SourceDiffProps) {
  const place = useRef<HTMLDivElement>(null)
  const wide = useMedia(SPLIT)
  useEffect(() => {
    const parent = place.current
    if (!parent) return
    const reading = (label: string) => [
      lineNumbers(),
      EditorView.lineWrapping,
      EditorState.readOnly.of(true),
      EditorView.contentAttributes.of({ 'aria-label': label, 'aria-readonly': 'true', tabindex: '0' }),
      html(),
      colours,
      look,
    ]
    const collapse = { margin: 3, minSize: 6 }
    if (first || !wide) {
      const view = new EditorView({
        parent,
        doc: after,
        extensions: [
          reading('What changed'),
          first
            ? []
            : unifiedMergeView({ original: before, mergeControls: false, collapseUnchanged: collapse }),
        ],
      })
      return () => view.destroy()
    }
    const view = new MergeView({
      parent,
      a: { doc: before, extensions: reading('Before') },
      b: { doc: after, extensions: reading('After') },
      gutter: true,
      collapseUnchanged: collapse,
    })
    return () => view.destroy()
  }, [before, after, first, wide])
  const same = !first && before === after
  return (
    <>
      {same && (
        <p className="border-b border-line px-4 py-2 text-soft">
          The source is the same: the kind, the language or only the time is different.
        </p>
      )}
      <div ref={place} className="source-diff min-h-0 grow overflow-auto" />
    </>
  )
}
