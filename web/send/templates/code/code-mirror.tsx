import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { html } from '@codemirror/lang-html'
import { markdown } from '@codemirror/lang-markdown'
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language'
import { EditorState, type Extension } from '@codemirror/state'
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view'
import { useEffect, useImperativeHandle, useRef } from 'react'
import type { CodeEditorProps } from './code-editor.tsx'
import { colours } from './colours.ts'
import { look } from './look.ts'
import { type ProblemLines, problemLines, setProblems } from './problem-lines.ts'

const GRAMMARS: Record<CodeEditorProps['kind'], () => Extension> = {
  html: () => html({ selfClosingTags: true }),
  mjml: () => html({ selfClosingTags: true }),
  markdown: () => markdown(),
}

/** CodeMirror as a field: Tab moves the focus on, as everywhere; Control or Command with `]` and `[` indents. */
export function CodeMirror({ kind, value, onChange, label, problems, deeds }: CodeEditorProps) {
  const place = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const heard = useRef(onChange)
  useEffect(() => {
    heard.current = onChange
  })
  // Drawn anew for another grammar; whatever was undone or not stays with the old one.
  const first = useRef(value)
  first.current = value
  useEffect(() => {
    if (!place.current) return
    const editor = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: first.current,
        extensions: [
          problemLines,
          lineNumbers(),
          history(),
          drawSelection(),
          indentOnInput(),
          bracketMatching(),
          highlightActiveLine(),
          indentUnit.of('  '),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', tabindex: '0' }),
          keymap.of([...defaultKeymap, ...historyKeymap]),
          GRAMMARS[kind](),
          colours,
          look,
          EditorView.updateListener.of(update => {
            if (update.docChanged) heard.current(update.state.doc.toString())
          }),
        ],
      }),
    })
    view.current = editor
    return () => editor.destroy()
  }, [kind, label])
  useEffect(() => {
    const editor = view.current
    if (!editor || editor.state.doc.toString() === value) return
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } })
  }, [value])
  useEffect(() => {
    const lines: ProblemLines = new Map(
      problems.flatMap(({ line, message }) => (line === null ? [] : [[line, message]])),
    )
    view.current?.dispatch({ effects: setProblems.of(lines) })
  }, [problems, kind])
  useImperativeHandle(
    deeds,
    () => ({
      insert: text => {
        const editor = view.current
        if (!editor) return
        editor.dispatch(editor.state.replaceSelection(text), { scrollIntoView: true, userEvent: 'input' })
        editor.focus()
      },
      goToLine: number => {
        const editor = view.current
        if (!editor) return
        const line = editor.state.doc.line(Math.min(Math.max(number, 1), editor.state.doc.lines))
        editor.dispatch({
          selection: { anchor: line.from },
          effects: EditorView.scrollIntoView(line.from, { y: 'center' }),
        })
        editor.focus()
      },
    }),
    [],
  )
  return <div ref={place} className="min-h-0 grow overflow-hidden" />
}
