/** How much of one message is taken apart. What lies beyond stays in the raw bytes, with a note. */
export interface Limits {
  /** Levels of nesting; real mail stays under ten. */
  depth: number
  parts: number
  /** Header fields of one part. */
  fields: number
  /** Bytes of one header field. */
  fieldBytes: number
  /** Characters of text for the search index. */
  searchText: number
}

export const defaultLimits: Limits = {
  depth: 100,
  parts: 10_000,
  fields: 10_000,
  fieldBytes: 4 * 1024 * 1024,
  searchText: 16 * 1024,
}
