import { useState } from 'react'
import {
  type Block,
  type BlocksDocument,
  type BlockType,
  newBlock,
  type Theme,
} from '../../../../blocks/document.ts'
import { BLOCK_KINDS } from './block-kinds.ts'
import {
  changeBlock,
  columnStep,
  duplicateBlock,
  insertBlock,
  moveBlock,
  neighbour,
  removeBlock,
  stepBlock,
} from './edit-document.ts'
import { type History, useHistory } from './history.ts'
import { allBlocks, type BlockPlace, freshId, placed } from './places.ts'

/** Everything that can be done to a mail of blocks; each deed says aloud what it did. */
export interface BlockEditing {
  document: BlocksDocument
  history: History<BlocksDocument>
  selected: string | null
  select: (id: string | null) => void
  selectBeside: (step: -1 | 1 | 'first' | 'last') => void
  change: (id: string, changes: Partial<Block>, of?: string) => void
  exchange: (id: string, change: (block: Block) => Block) => void
  changeTheme: (changes: Partial<Theme>, of?: string) => void
  changeMail: (changes: Partial<Pick<BlocksDocument, 'preheader' | 'language'>>) => void
  /** Without a place: below the selected one, or at the end. Answers its id. */
  insert: (type: BlockType, place?: BlockPlace) => string
  move: (id: string, place: BlockPlace) => void
  step: (id: string, direction: 'up' | 'down' | 'left' | 'right') => void
  duplicate: (id: string) => void
  remove: (id: string) => void
  undo: () => void
  redo: () => void
  /** What was done last, for those who do not see it. */
  said: string
}

export function useBlockEditing(initial: BlocksDocument): BlockEditing {
  const history = useHistory(initial)
  const { now: document } = history
  const [chosen, select] = useState<string | null>(initial.blocks[0]?.id ?? null)
  const [said, say] = useState('')
  const selected = placed(document, chosen) ? chosen : null

  const name = (id: string) => {
    const found = placed(document, id)
    return found ? BLOCK_KINDS[found.block.type].name : 'Block'
  }
  const moved = (next: BlocksDocument, id: string, how: string) => {
    if (next === document) return say(`${name(id)} cannot be moved ${how}.`)
    history.change(next)
    select(id)
    say(`${name(id)} moved ${how}: ${where(next, id)}.`)
  }

  return {
    document,
    history,
    selected,
    select,
    selectBeside: step => {
      const all = allBlocks(document).map(({ block }) => block.id)
      const at = selected === null ? -1 : all.indexOf(selected)
      const next = step === 'first' ? 0 : step === 'last' ? all.length - 1 : at + step
      const id = all[Math.min(Math.max(next, 0), all.length - 1)]
      if (id !== undefined) select(id)
    },
    change: (id, changes, of) =>
      history.change(
        changeBlock(document, id, block => ({ ...block, ...changes }) as Block),
        of === undefined ? '' : `${id} ${of}`,
      ),
    exchange: (id, change) => history.change(changeBlock(document, id, change)),
    changeTheme: (changes, of = '') =>
      history.change({ ...document, theme: { ...document.theme, ...changes } }, of && `theme ${of}`),
    changeMail: changes => history.change({ ...document, ...changes }, `mail ${Object.keys(changes).join()}`),
    insert: (type, place) => {
      const beside = selected === null ? undefined : placed(document, selected)?.place
      const below = beside && { within: beside.within, index: beside.index + 1 }
      // Columns hold no columns: below the ones that are selected, then.
      const outer = below?.within && type === 'columns' ? placed(document, below.within.id)?.place : undefined
      const wanted = place ??
        (outer ? { within: null, index: outer.index + 1 } : below) ?? {
          within: null,
          index: document.blocks.length,
        }
      const block = newBlock(type, freshId(document))
      const next = insertBlock(document, block, wanted)
      history.change(next)
      select(block.id)
      say(`${BLOCK_KINDS[type].name} added: ${where(next, block.id)}.`)
      return block.id
    },
    move: (id, place) => moved(moveBlock(document, id, place), id, 'there'),
    step: (id, direction) => {
      const by = direction === 'up' || direction === 'left' ? -1 : 1
      const sideways = direction === 'left' || direction === 'right'
      moved(sideways ? columnStep(document, id, by) : stepBlock(document, id, by), id, direction)
    },
    duplicate: id => {
      const copy = duplicateBlock(document, id)
      history.change(copy.document)
      select(copy.id)
      say(`${name(id)} duplicated.`)
    },
    remove: id => {
      select(neighbour(document, id))
      history.change(removeBlock(document, id))
      say(`${name(id)} deleted.`)
    },
    undo: () => {
      history.undo()
      say(history.canUndo ? 'Undone.' : 'Nothing to undo.')
    },
    redo: () => {
      history.redo()
      say(history.canRedo ? 'Done again.' : 'Nothing to do again.')
    },
    said,
  }
}

function where(next: BlocksDocument, id: string): string {
  const found = placed(next, id)
  if (!found) return ''
  const column = found.place.within ? `column ${found.place.within.column + 1}, ` : ''
  return `${column}${found.place.index + 1} of ${found.of}`
}
