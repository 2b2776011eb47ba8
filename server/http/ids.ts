import { Problem } from '../problem.ts'

/**
 * An id out of a path. Anything that is not a positive safe integer names nothing.
 * @throws Problem `absent`
 */
export function idFrom(text: string | undefined): number {
  if (text !== undefined && /^[1-9]\d{0,15}$/.test(text)) {
    const id = Number(text)
    if (Number.isSafeInteger(id)) return id
  }
  throw new Problem('absent')
}
