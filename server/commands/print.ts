/** Standard output is what a command was asked for, so that it can be piped. */
export function print(line = ''): void {
  process.stdout.write(`${line}\n`)
}

/** Rows under their headings, in columns as wide as what stands in them. */
export function printTable(headings: string[], rows: (string | number)[][]): void {
  const lines = [headings, ...rows.map(row => row.map(cell => printable(String(cell))))]
  const widths = headings.map((_, column) => Math.max(...lines.map(line => line[column]?.length ?? 0)))
  for (const line of lines)
    print(
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2))
}

/** Names are chosen by people: a control character must not steer the terminal. */
export function printable(text: string): string {
  return text.replaceAll(/[\x00-\x1f\x7f-\x9f]/g, ' ')
}
