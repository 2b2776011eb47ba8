import { syntaxTree } from '@codemirror/language'
import type { Extension, Range } from '@codemirror/state'
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view'

/** Nodes of the grammars of HTML, CSS and Markdown that have a colour; all others are text. */
const COLOURS: Record<string, string> = {
  TagName: 'tag',
  StartTag: 'quiet',
  StartCloseTag: 'quiet',
  SelfClosingEndTag: 'quiet',
  EndTag: 'quiet',
  AttributeName: 'name',
  AttributeValue: 'value',
  UnquotedAttributeValue: 'value',
  EntityReference: 'name',
  CharacterReference: 'name',
  Comment: 'comment',
  DoctypeDecl: 'quiet',
  PropertyName: 'name',
  NumberLiteral: 'value',
  ColorLiteral: 'value',
  StringLiteral: 'value',
  ClassName: 'tag',
  Unit: 'value',
  HeaderMark: 'quiet',
  ATXHeading1: 'strong',
  ATXHeading2: 'strong',
  ATXHeading3: 'strong',
  SetextHeading1: 'strong',
  SetextHeading2: 'strong',
  StrongEmphasis: 'strong',
  Emphasis: 'emphasis',
  EmphasisMark: 'quiet',
  LinkMark: 'quiet',
  ListMark: 'tag',
  QuoteMark: 'tag',
  CodeMark: 'quiet',
  InlineCode: 'value',
  URL: 'value',
  HorizontalRule: 'tag',
}

const MERGE_TAG = /\{\{.*?\}\}|\{%.*?%\}/g

const marks = new Map<string, Decoration>()
function mark(name: string): Decoration {
  const known = marks.get(name) ?? Decoration.mark({ class: `code-${name}` })
  marks.set(name, known)
  return known
}

/** Colours by class names, so that they follow the theme of the page; merge tags stand out from everything. */
export const colours: Extension = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet
    constructor(view: EditorView) {
      this.decorations = coloured(view)
    }
    update(update: ViewUpdate) {
      const parsed = syntaxTree(update.startState) !== syntaxTree(update.state)
      if (update.docChanged || update.viewportChanged || parsed) this.decorations = coloured(update.view)
    }
  },
  { decorations: plugin => plugin.decorations },
)

function coloured(view: EditorView): DecorationSet {
  const found: Range<Decoration>[] = []
  for (const { from, to } of view.visibleRanges) {
    syntaxTree(view.state).iterate({
      from,
      to,
      enter: node => {
        const colour = COLOURS[node.name]
        if (colour && node.to > node.from) found.push(mark(colour).range(node.from, node.to))
      },
    })
    for (const match of view.state.sliceDoc(from, to).matchAll(MERGE_TAG))
      found.push(mark('merge').range(from + match.index, from + match.index + match[0].length))
  }
  return Decoration.set(found, true)
}
