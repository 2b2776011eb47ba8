const UNITS = ['Bytes', 'KB', 'MB', 'GB'] as const

/** Rails' number_to_human_size with two significant digits (contract, section 1.10): 7635 is `7.5 KB`. */
export function humanSize(bytes: number): string {
  if (bytes === 1) return '1 Byte'
  let unit = 0
  let value = bytes
  for (; value >= 1024 && unit < UNITS.length - 1; unit++) value /= 1024
  // Whole bytes are never rounded.
  return `${unit === 0 ? value : Number(value.toPrecision(2))} ${UNITS[unit]}`
}
