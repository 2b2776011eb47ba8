import { describe, expect, it } from 'vitest'
import { type BlocksDocument, newBlock, newDocument } from '../../../../blocks/document.ts'
import {
  changeBlock,
  columnStep,
  duplicateBlock,
  insertBlock,
  moveBlock,
  neighbour,
  removeBlock,
  stepBlock,
  withColumns,
} from './edit-document.ts'
import { allBlocks, freshId, placed } from './places.ts'

const mail: BlocksDocument = {
  ...newDocument(),
  blocks: [
    newBlock('heading', 'h'),
    {
      ...newBlock('columns', 'c'),
      columns: [
        { share: 1, blocks: [newBlock('text', 'l1'), newBlock('image', 'l2')] },
        { share: 2, blocks: [newBlock('button', 'r1')] },
      ],
    },
    newBlock('footer', 'f'),
  ],
}

/** The ids as they stand: those in columns in brackets, one pair for each column. */
function order({ blocks }: BlocksDocument): string {
  return blocks
    .map(block =>
      block.type === 'columns'
        ? block.id + block.columns.map(column => `[${column.blocks.map(({ id }) => id)}]`).join('')
        : block.id,
    )
    .join(' ')
}

describe('a document of blocks', () => {
  it('knows every block and its place', () => {
    expect(allBlocks(mail).map(({ block }) => block.id)).toEqual(['h', 'c', 'l1', 'l2', 'r1', 'f'])
    expect(placed(mail, 'l2')).toMatchObject({ place: { within: { id: 'c', column: 0 }, index: 1 }, of: 2 })
    expect(freshId(mail)).toBe('b7')
  })

  it('takes blocks in, but no columns into columns', () => {
    const within = { id: 'c', column: 1 }
    expect(order(insertBlock(mail, newBlock('text', 'n'), { within: null, index: 1 }))).toBe(
      'h n c[l1,l2][r1] f',
    )
    expect(order(insertBlock(mail, newBlock('text', 'n'), { within, index: 0 }))).toBe('h c[l1,l2][n,r1] f')
    expect(insertBlock(mail, newBlock('columns', 'n'), { within, index: 0 })).toBe(mail)
  })

  it('changes one block and leaves the document before as it was', () => {
    const next = changeBlock(mail, 'r1', block => ({ ...block, space_above: 40 }))
    expect(placed(next, 'r1')?.block.space_above).toBe(40)
    expect(placed(mail, 'r1')?.block.space_above).toBe(12)
  })

  it('moves blocks, also into and out of columns, but columns not into themselves', () => {
    expect(order(moveBlock(mail, 'h', { within: null, index: 3 }))).toBe('c[l1,l2][r1] f h')
    expect(order(moveBlock(mail, 'f', { within: { id: 'c', column: 1 }, index: 1 }))).toBe('h c[l1,l2][r1,f]')
    expect(order(moveBlock(mail, 'l1', { within: { id: 'c', column: 0 }, index: 2 }))).toBe(
      'h c[l2,l1][r1] f',
    )
    expect(moveBlock(mail, 'c', { within: { id: 'c', column: 0 }, index: 0 })).toBe(mail)
    expect(moveBlock(mail, 'h', { within: null, index: 1 })).toBe(mail)
  })

  it.each([
    ['h', 1, 'c[l1,l2][r1] h f'],
    ['h', -1, 'h c[l1,l2][r1] f'],
    ['f', -1, 'h f c[l1,l2][r1]'],
    ['l2', -1, 'h c[l2,l1][r1] f'],
    ['l1', -1, 'h l1 c[l2][r1] f'],
    ['r1', 1, 'h c[l1,l2][] r1 f'],
  ] as const)('steps %s by %i', (id, direction, expected) => {
    expect(order(stepBlock(mail, id, direction))).toBe(expected)
  })

  it.each([
    ['l2', 1, 'h c[l1][r1,l2] f'],
    ['r1', -1, 'h c[r1,l1,l2][] f'],
    ['r1', 1, 'h c[l1,l2][r1] f'],
    ['h', 1, 'c[h,l1,l2][r1] f'],
    ['f', -1, 'h c[l1,l2][r1,f]'],
    ['c', 1, 'h c[l1,l2][r1] f'],
  ] as const)('steps %s to the column %i', (id, direction, expected) => {
    expect(order(columnStep(mail, id, direction))).toBe(expected)
  })

  it('copies columns with new ids all the way down', () => {
    const { document, id } = duplicateBlock(mail, 'c')
    expect(order(document)).toBe('h c[l1,l2][r1] b7[b8,b9][b10] f')
    expect(id).toBe('b7')
  })

  it('says which block is chosen when one is gone', () => {
    expect(neighbour(mail, 'h')).toBe('c')
    expect(neighbour(mail, 'c')).toBe('f')
    expect(neighbour(mail, 'l2')).toBe('l1')
    expect(neighbour(mail, 'f')).toBe('r1')
    expect(order(removeBlock(mail, 'c'))).toBe('h f')
  })

  it('keeps what stood in a column that goes', () => {
    const next = changeBlock(mail, 'c', block => withColumns(block, [1, 1, 1]))
    expect(order(next)).toBe('h c[l1,l2][r1][] f')
    expect(order(changeBlock(mail, 'c', block => withColumns(block, [1])))).toBe('h c[l1,l2,r1] f')
  })
})
