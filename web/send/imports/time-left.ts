import type { ImportWire } from '../../../server/send/api/imports-wire.ts'

/** As the end of a sentence; empty while nothing can be said. The file's share stands for that of its rows. */
export function timeLeft({ rows, progress, rate }: Pick<ImportWire, 'rows' | 'progress' | 'rate'>): string {
  if (!rate || progress <= 0.01) return ''
  const seconds = (rows / progress - rows) / rate
  if (seconds < 10) return ', a few seconds left'
  if (seconds < 90) return `, about ${Math.round(seconds / 10) * 10} seconds left`
  if (seconds < 5400) return `, about ${Math.round(seconds / 60)} minutes left`
  return `, about ${Math.round(seconds / 3600)} hours left`
}
