import type { Block, BlocksDocument, ColumnsBlock, LeafBlock } from '../../../../blocks/document.ts'

/** Where a block stands or is to stand: in the mail itself, or in a column of a columns block. */
export interface BlockPlace {
  within: { id: string; column: number } | null
  index: number
}

export interface PlacedBlock {
  block: Block
  place: BlockPlace
  /** How many stand there beside each other, this one with them. */
  of: number
}

/** Every block in reading order, columns before what is in them. */
export function allBlocks({ blocks }: BlocksDocument): PlacedBlock[] {
  return blocks.flatMap((block, index): PlacedBlock[] => [
    { block, place: { within: null, index }, of: blocks.length },
    ...(block.type === 'columns' ? inColumns(block) : []),
  ])
}

function inColumns({ id, columns }: ColumnsBlock): PlacedBlock[] {
  return columns.flatMap(({ blocks }, column) =>
    blocks.map((block, index) => ({ block, place: { within: { id, column }, index }, of: blocks.length })),
  )
}

export function placed(document: BlocksDocument, id: string | null): PlacedBlock | undefined {
  return allBlocks(document).find(({ block }) => block.id === id)
}

/** The blocks of one place, exchanged for others. */
export function withBlocks(
  document: BlocksDocument,
  within: BlockPlace['within'],
  change: (blocks: readonly Block[]) => readonly Block[],
): BlocksDocument {
  if (within === null) return { ...document, blocks: [...change(document.blocks)] }
  const blocks = document.blocks.map(block =>
    block.id !== within.id || block.type !== 'columns'
      ? block
      : {
          ...block,
          columns: block.columns.map((column, index) =>
            index === within.column ? { ...column, blocks: change(column.blocks).filter(isLeaf) } : column,
          ),
        },
  )
  return { ...document, blocks }
}

/** Columns hold no columns: mail programs that fold them on a phone fold one level. */
export function isLeaf(block: Block): block is LeafBlock {
  return block.type !== 'columns'
}

/** One that no block of the document has. */
export function freshId(document: BlocksDocument): string {
  const taken = new Set(allBlocks(document).map(({ block }) => block.id))
  let number = taken.size + 1
  while (taken.has(`b${number}`)) number += 1
  return `b${number}`
}
