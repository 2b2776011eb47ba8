/** One engine refuses NUL in text and the other half of a surrogate pair, the other keeps both: so neither gets them. */
export function storable(text: string): string {
  return text.replaceAll('\0', '').toWellFormed()
}
