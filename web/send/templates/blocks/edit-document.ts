import type { Block, BlocksDocument } from '../../../../blocks/document.ts'
import { allBlocks, type BlockPlace, freshId, isLeaf, placed, withBlocks } from './places.ts'

// Each takes a document and gives the next: nothing is changed in place, so that every step can be undone.

export function changeBlock(
  document: BlocksDocument,
  id: string,
  change: (block: Block) => Block,
): BlocksDocument {
  const found = placed(document, id)
  if (!found) return document
  return withBlocks(document, found.place.within, blocks =>
    blocks.map(block => (block.id === id ? change(block) : block)),
  )
}

export function insertBlock(document: BlocksDocument, block: Block, place: BlockPlace): BlocksDocument {
  if (place.within && !isLeaf(block)) return document
  return withBlocks(document, place.within, blocks => blocks.toSpliced(place.index, 0, block))
}

export function removeBlock(document: BlocksDocument, id: string): BlocksDocument {
  const found = placed(document, id)
  if (!found) return document
  return withBlocks(document, found.place.within, blocks => blocks.filter(block => block.id !== id))
}

/** The copy stands below, with ids of its own. */
export function duplicateBlock(
  document: BlocksDocument,
  id: string,
): { document: BlocksDocument; id: string } {
  const found = placed(document, id)
  if (!found) return { document, id }
  const { within, index } = found.place
  const place = { within, index: index + 1 }
  const copy = { ...structuredClone(found.block), id: freshId(document) }
  if (copy.type !== 'columns') return { document: insertBlock(document, copy, place), id: copy.id }

  let next = insertBlock(
    document,
    { ...copy, columns: copy.columns.map(({ share }) => ({ share, blocks: [] })) },
    place,
  )
  copy.columns.forEach(({ blocks }, column) =>
    blocks.forEach((block, at) => {
      next = insertBlock(
        next,
        { ...block, id: freshId(next) },
        { within: { id: copy.id, column }, index: at },
      )
    }),
  )
  return { document: next, id: copy.id }
}

/** `place` counts as the document is before the move. */
export function moveBlock(document: BlocksDocument, id: string, place: BlockPlace): BlocksDocument {
  const found = placed(document, id)
  if (!found || place.within?.id === id || (place.within && !isLeaf(found.block))) return document
  const { within, index } = found.place
  const beside = within?.id === place.within?.id && within?.column === place.within?.column
  const to = beside && index < place.index ? place.index - 1 : place.index
  if (beside && to === index) return document
  return insertBlock(removeBlock(document, id), found.block, { within: place.within, index: to })
}

/**
 * One step up or down. At the edge of a column a block leaves it; columns themselves are stepped over, for whoever
 * wants in takes `columnStep`.
 */
export function stepBlock(document: BlocksDocument, id: string, direction: -1 | 1): BlocksDocument {
  const found = placed(document, id)
  if (!found) return document
  const { within, index } = found.place
  const edge = direction === -1 ? index === 0 : index === found.of - 1
  if (!edge) return moveBlock(document, id, { within, index: direction === -1 ? index - 1 : index + 2 })
  const outer = within && placed(document, within.id)
  if (!outer) return document
  return moveBlock(document, id, {
    within: null,
    index: direction === -1 ? outer.place.index : outer.place.index + 1,
  })
}

/**
 * To the column on the left or right. From outside: into the columns next to it, those below first for a step to
 * the right, those above for a step to the left.
 */
export function columnStep(document: BlocksDocument, id: string, direction: -1 | 1): BlocksDocument {
  const found = placed(document, id)
  if (!found || !isLeaf(found.block)) return document
  const { within, index } = found.place
  const columns = (blockId: string | undefined) => {
    const block = blockId === undefined ? undefined : placed(document, blockId)?.block
    return block?.type === 'columns' ? block : undefined
  }
  if (within) {
    const beside = columns(within.id)?.columns[within.column + direction]
    if (!beside) return document
    return moveBlock(document, id, {
      within: { id: within.id, column: within.column + direction },
      index: Math.min(index, beside.blocks.length),
    })
  }
  const below = columns(document.blocks[index + 1]?.id)
  const above = columns(document.blocks[index - 1]?.id)
  if (direction === 1 && below)
    return moveBlock(document, id, { within: { id: below.id, column: 0 }, index: 0 })
  if (direction === -1 && above) {
    const column = above.columns.length - 1
    return moveBlock(document, id, {
      within: { id: above.id, column },
      index: above.columns[column]?.blocks.length ?? 0,
    })
  }
  return document
}

/** The one to choose when this one is gone: what takes its place, else what stood before it. */
export function neighbour(document: BlocksDocument, id: string): string | null {
  const all = allBlocks(document)
  const at = all.findIndex(({ block }) => block.id === id)
  const gone = all[at]
  const after = all
    .slice(at + 1)
    .find(
      ({ place: { within } }) =>
        within?.id === gone?.place.within?.id && within?.column === gone?.place.within?.column,
    )
  return (after ?? all[at - 1])?.block.id ?? null
}

/** Columns more or fewer; what stood in those that go moves to the last one that stays. */
export function withColumns(block: Block, shares: readonly number[]): Block {
  if (block.type !== 'columns') return block
  const kept = shares.map((share, index) => ({ share, blocks: block.columns[index]?.blocks ?? [] }))
  const left = block.columns.slice(shares.length).flatMap(({ blocks }) => blocks)
  const columns = kept.map((column, index) =>
    index === kept.length - 1 ? { ...column, blocks: [...column.blocks, ...left] } : column,
  )
  return { ...block, columns }
}
