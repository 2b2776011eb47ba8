import { type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react'
import type { BlocksDocument, BlockType } from '../../../../blocks/document.ts'
import { type Drop, dropAt, type Geometry, mayNest } from './geometry.ts'
import type { BlockPlace } from './places.ts'

/** A block that stands somewhere, or one that is still to be made. */
export type Dragged = { id: string } | { type: BlockType }

/** Pixels before a press becomes a drag. */
const SLACK = 5
/** From the edge of what scrolls, where it begins to, and how fast. */
const SCROLL_ZONE = 48
const SCROLL_STEP = 12

export interface Drag {
  dragged: Dragged | null
  drop: Drop | null
  begin: (event: PointerEvent, what: Dragged) => void
}

/**
 * Dragging by pointer events, not by the browser's own drag and drop: that one is not to be had by touch, and an
 * embedded frame swallows it.
 */
export function useDrag(
  canvas: RefObject<HTMLElement | null>,
  document: BlocksDocument,
  geometry: Geometry,
  onDrop: (what: Dragged, place: BlockPlace) => void,
): Drag {
  const [state, setState] = useState<{ dragged: Dragged; drop: Drop | null } | null>(null)
  const current = useRef({ document, geometry, onDrop })
  useEffect(() => {
    current.current = { document, geometry, onDrop }
  })
  const stop = useRef<() => void>(undefined)
  useEffect(() => () => stop.current?.(), [])

  const begin = (event: PointerEvent, what: Dragged) => {
    if (event.button !== 0) return
    const from = { x: event.clientX, y: event.clientY }
    let drop: Drop | null = null
    let begun = false

    const moved = ({ clientX, clientY }: globalThis.PointerEvent) => {
      if (!begun && Math.hypot(clientX - from.x, clientY - from.y) < SLACK) return
      begun = true
      const place = canvas.current
      if (!place) return
      scrollNear(place, clientY)
      const { left, top, width } = place.getBoundingClientRect()
      const { document: now, geometry: boxes } = current.current
      const leaf = 'id' in what ? mayNest(now, what.id) : what.type !== 'columns'
      const inside = clientX > left - SCROLL_ZONE && clientX < left + width + SCROLL_ZONE
      drop = inside ? dropAt(now, boxes, { x: clientX - left, y: clientY - top }, leaf) : null
      setState({ dragged: what, drop })
    }
    const end = () => {
      stop.current?.()
      if (begun && drop) current.current.onDrop(what, drop.place)
    }
    const key = (pressed: KeyboardEvent) => pressed.key === 'Escape' && stop.current?.()
    const cancel = () => stop.current?.()
    stop.current?.()
    stop.current = () => {
      removeEventListener('pointermove', moved)
      removeEventListener('pointerup', end)
      removeEventListener('pointercancel', cancel)
      removeEventListener('keydown', key)
      setState(null)
    }
    addEventListener('pointermove', moved)
    addEventListener('pointerup', end)
    addEventListener('pointercancel', cancel)
    addEventListener('keydown', key)
  }
  return { dragged: state?.dragged ?? null, drop: state?.drop ?? null, begin }
}

function scrollNear(place: HTMLElement, y: number): void {
  const scroller = place.closest('[data-scrolls]')
  if (!scroller) return
  const { top, bottom } = scroller.getBoundingClientRect()
  if (y < top + SCROLL_ZONE) scroller.scrollTop -= SCROLL_STEP
  if (y > bottom - SCROLL_ZONE) scroller.scrollTop += SCROLL_STEP
}
