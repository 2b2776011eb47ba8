import { useCallback, useEffect, useState } from 'react'

interface RowsInView {
  first: number
  /** Included. */
  last: number
  /** Scrolls no further than needed for the row to be seen whole. */
  reveal: (index: number) => void
}

/** Rows drawn beyond the edges, so that a quick scroll meets no gap. */
const MARGIN = 8

/**
 * Which of `count` rows to draw. All rows have one height, so this is arithmetic: nothing is measured, and a hundred
 * thousand cost what ten do.
 */
export function useRowsInView(
  scroller: { current: HTMLElement | null },
  count: number,
  height: number,
): RowsInView {
  const [{ from, to }, setRange] = useState({ from: 0, to: 0 })

  useEffect(() => {
    const element = scroller.current
    if (!element) return
    const look = () => {
      const next = {
        from: Math.floor(element.scrollTop / height),
        to: Math.floor((element.scrollTop + element.clientHeight) / height),
      }
      setRange(known => (known.from === next.from && known.to === next.to ? known : next))
    }
    const observer = new ResizeObserver(look)
    observer.observe(element)
    element.addEventListener('scroll', look, { passive: true })
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [scroller, height])

  const reveal = useCallback(
    (index: number) => {
      const element = scroller.current
      if (!element) return
      const top = index * height
      if (top < element.scrollTop) element.scrollTop = top
      else if (top + height > element.scrollTop + element.clientHeight)
        element.scrollTop = top + height - element.clientHeight
    },
    [scroller, height],
  )

  return { first: Math.max(0, from - MARGIN), last: Math.min(count - 1, to + MARGIN), reveal }
}
