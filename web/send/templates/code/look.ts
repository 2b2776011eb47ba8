import { EditorView } from '@codemirror/view'

/** How code looks, in the colours of the page. */
export const look = EditorView.theme({
  '&': { height: '100%', color: 'var(--ink)', backgroundColor: 'var(--ground)', fontSize: '0.8125rem' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'var(--default-mono, ui-monospace, Menlo, Consolas, monospace)',
    lineHeight: '1.6',
  },
  '.cm-content': { padding: '10px 0', caretColor: 'var(--ink)' },
  '.cm-line': { padding: '0 12px 0 6px' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)', borderLeftWidth: '2px' },
  '.cm-gutters': { backgroundColor: 'var(--ground)', color: 'var(--ink-faint)', border: 'none' },
  // Not inherited: Chromium leaves inherited colours as they were when the theme changes under it.
  '.cm-gutterElement': { color: 'var(--ink-faint)' },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 6px 0 10px', minWidth: '2.25rem' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--ground-hover) 55%, transparent)' },
  '.cm-activeLineGutter': { backgroundColor: 'transparent', color: 'var(--ink)' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    backgroundColor: 'light-dark(#f2d98c, #6d5516)',
  },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    backgroundColor: 'var(--brass-wash)',
    outline: '1px solid var(--brass-line)',
  },
  '.cm-nonmatchingBracket, &.cm-focused .cm-nonmatchingBracket': { backgroundColor: 'transparent' },
  '.code-tag': { color: 'var(--syntax-tag)' },
  '.code-name': { color: 'var(--syntax-name)' },
  '.code-value': { color: 'var(--syntax-value)' },
  '.code-quiet': { color: 'var(--syntax-quiet)' },
  '.code-comment': { color: 'var(--syntax-quiet)', fontStyle: 'italic' },
  '.code-strong': { fontWeight: '650' },
  '.code-emphasis': { fontStyle: 'italic' },
  '.code-merge, .code-merge > span': { color: 'var(--brass-text)' },
  '.code-merge': { backgroundColor: 'var(--brass-wash)', borderRadius: '3px', fontWeight: '500' },
  '.code-problems': { width: '14px' },
  '.code-problem-dot': {
    display: 'block',
    width: '7px',
    height: '7px',
    margin: '7px 0 0 6px',
    borderRadius: '50%',
    backgroundColor: 'var(--danger)',
  },
  '.code-problem-line': { backgroundColor: 'var(--danger-wash)' },
  '&.cm-merge-a .cm-changedLine, .cm-deletedChunk': { backgroundColor: 'var(--danger-wash)' },
  '&.cm-merge-b .cm-changedLine, .cm-insertedLine': { backgroundColor: 'var(--good-wash)' },
  '&.cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText': {
    background: 'color-mix(in srgb, var(--danger) 28%, transparent)',
    borderRadius: '2px',
  },
  '&.cm-merge-b .cm-changedText': {
    background: 'color-mix(in srgb, var(--good) 30%, transparent)',
    borderRadius: '2px',
  },
  // The colours of the syntax are too weak on these grounds.
  '.cm-changedText, .cm-changedText span, .cm-deletedText, .cm-deletedText span': { color: 'var(--ink)' },
  '&.cm-merge-a .cm-changedLineGutter, .cm-deletedLineGutter': { background: 'var(--danger)' },
  '&.cm-merge-b .cm-changedLineGutter': { background: 'var(--good)' },
  '.cm-collapsedLines': {
    background: 'var(--ground-sunk)',
    color: 'var(--ink-faint)',
    padding: '4px 10px',
    fontFamily: 'var(--font-sans, system-ui)',
    fontSize: '0.75rem',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--ground-raised)',
    border: '1px solid var(--line-strong)',
    borderRadius: '7px',
    color: 'var(--ink)',
  },
})
