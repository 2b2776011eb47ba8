/**
 * One line of CSV (RFC 4180), ended with CRLF. A cell that a spreadsheet would take for a formula gets a quote before
 * it, which our own import takes away again: `=cmd|…` in somebody's name must not run on the desk of whoever opens
 * the export.
 */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(cell).join()}\r\n`
}

function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe
}
