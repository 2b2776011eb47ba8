import {
  type EditorState,
  type Extension,
  type Range,
  RangeSet,
  StateEffect,
  StateField,
} from '@codemirror/state'
import { Decoration, type DecorationSet, EditorView, gutter, GutterMarker } from '@codemirror/view'

/** What is wrong, by line from 1. */
export type ProblemLines = ReadonlyMap<number, string>

export const setProblems = StateEffect.define<ProblemLines>()

interface Marked {
  lines: DecorationSet
  gutter: RangeSet<GutterMarker>
}

class ProblemMarker extends GutterMarker {
  readonly message: string
  constructor(message: string) {
    super()
    this.message = message
  }
  override eq(other: ProblemMarker): boolean {
    return other.message === this.message
  }
  override toDOM(): Node {
    const dot = document.createElement('span')
    dot.className = 'code-problem-dot'
    dot.title = this.message
    return dot
  }
}

const field = StateField.define<Marked>({
  create: () => ({ lines: Decoration.none, gutter: RangeSet.empty }),
  update(value, transaction) {
    for (const effect of transaction.effects)
      if (effect.is(setProblems)) return marked(transaction.state, effect.value)
    if (!transaction.docChanged) return value
    return { lines: value.lines.map(transaction.changes), gutter: value.gutter.map(transaction.changes) }
  },
  provide: self => [
    EditorView.decorations.from(self, value => value.lines),
    gutter({ class: 'code-problems', markers: view => view.state.field(self).gutter }),
  ],
})

function marked(state: EditorState, problems: ProblemLines): Marked {
  const lines: Range<Decoration>[] = []
  const dots: Range<GutterMarker>[] = []
  for (const [number, message] of problems) {
    const { from } = state.doc.line(Math.min(Math.max(number, 1), state.doc.lines))
    lines.push(Decoration.line({ class: 'code-problem-line', attributes: { title: message } }).range(from))
    dots.push(new ProblemMarker(message).range(from))
  }
  return { lines: Decoration.set(lines, true), gutter: RangeSet.of(dots, true) }
}

/** Marks lines that something is wrong with; they move along while one writes. */
export const problemLines: Extension = field
