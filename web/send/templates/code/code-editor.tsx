import { lazy, type Ref, Suspense } from 'react'
import type { RenderError, TemplateKind } from '../../../calls/templates.ts'

export interface CodeDeeds {
  /** In the place of what is selected. */
  insert: (text: string) => void
  /** From 1. */
  goToLine: (line: number) => void
}

export interface CodeEditorProps {
  kind: Exclude<TemplateKind, 'blocks'>
  value: string
  onChange: (value: string) => void
  label: string
  problems: readonly RenderError[]
  deeds: Ref<CodeDeeds>
}

const CodeMirror = lazy(() => import('./code-mirror.tsx').then(module => ({ default: module.CodeMirror })))

export function CodeEditor(props: CodeEditorProps) {
  return (
    <Suspense
      fallback={
        <div aria-busy="true" className="flex animate-breathe flex-col gap-2.5 p-4">
          {[40, 65, 55, 70, 35, 60].map(width => (
            <div key={width} className="h-3 rounded-tight bg-line" style={{ width: `${width}%` }} />
          ))}
        </div>
      }
    >
      <CodeMirror {...props} />
    </Suspense>
  )
}
