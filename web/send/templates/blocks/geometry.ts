import type { BlocksDocument } from '../../../../blocks/document.ts'
import { type BlockPlace, isLeaf, placed } from './places.ts'

/** In pixels of the canvas. */
export interface Box {
  left: number
  top: number
  width: number
  height: number
}

export interface Geometry {
  height: number
  blocks: ReadonlyMap<string, Box>
  /** Of the columns of a columns block, in order. */
  columns: ReadonlyMap<string, readonly Box[]>
}

export const NOTHING_MEASURED: Geometry = { height: 0, blocks: new Map(), columns: new Map() }

/** Where everything is in the frame, which is as high as what is in it and so is never scrolled. */
export function measured(frame: HTMLIFrameElement): Geometry {
  const inside = frame.contentDocument
  if (!inside?.body) return NOTHING_MEASURED
  const blocks = new Map<string, Box>()
  const columns = new Map<string, Box[]>()
  for (const row of inside.querySelectorAll('[data-block]')) {
    const id = row.getAttribute('data-block') ?? ''
    blocks.set(id, boxOf(row))
    const own = [...row.querySelectorAll('.ph-col')].map(boxOf)
    if (own.length > 0) columns.set(id, own)
  }
  const outer = inside.querySelector('body > [role="article"]') ?? inside.body
  return { height: Math.ceil(outer.getBoundingClientRect().bottom), blocks, columns }
}

function boxOf(element: Element): Box {
  const { left, top, width, height } = element.getBoundingClientRect()
  return { left, top, width, height }
}

export interface Drop {
  place: BlockPlace
  /** The line that shows where. */
  line: { left: number; top: number; width: number }
}

const EDGE = 8

/** The gap that is nearest to a point; `leaf` says whether what is dragged may go into columns. */
export function dropAt(
  document: BlocksDocument,
  { blocks, columns }: Geometry,
  point: { x: number; y: number },
  leaf: boolean,
): Drop | null {
  for (const block of leaf ? document.blocks : []) {
    const box = blocks.get(block.id)
    if (block.type !== 'columns' || !box) continue
    if (point.y < box.top + EDGE || point.y > box.top + box.height - EDGE) continue
    const boxes = columns.get(block.id) ?? []
    const column = boxes.findIndex(
      ({ left, width, top, height }) =>
        point.x >= left &&
        point.x <= left + width &&
        point.y >= top - EDGE &&
        point.y <= top + height + 4 * EDGE,
    )
    const room = boxes[column]
    if (!room) continue
    const inside = (block.columns[column]?.blocks ?? []).map(({ id }) => blocks.get(id))
    return gap({ id: block.id, column }, inside, room, point.y)
  }
  const boxes = document.blocks.map(({ id }) => blocks.get(id))
  const widest = boxes.find(box => box !== undefined)
  return gap(null, boxes, widest ?? { left: 0, top: 0, width: 600, height: 0 }, point.y)
}

function gap(within: BlockPlace['within'], boxes: (Box | undefined)[], room: Box, y: number): Drop {
  const before = boxes.findIndex(box => box !== undefined && y < box.top + box.height / 2)
  const index = before === -1 ? boxes.length : before
  const [above, below] = [boxes[index - 1], boxes[index]]
  const top = below?.top ?? (above ? above.top + above.height : room.top)
  return { place: { within, index }, line: { left: room.left, top, width: room.width } }
}

/** Whether a block may be dropped into columns. */
export function mayNest(document: BlocksDocument, id: string): boolean {
  const found = placed(document, id)
  return found !== undefined && isLeaf(found.block)
}
