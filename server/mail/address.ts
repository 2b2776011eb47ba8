export interface Address {
  /** Display name, decoded; `''` if there is none. */
  name: string
  /** `local@domain` as written, `''` if only a name was given. */
  address: string
}
