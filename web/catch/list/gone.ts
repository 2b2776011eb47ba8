/**
 * Messages that were deleted here, from the moment somebody asked for it. A list that was read just before may still
 * have them: they are not shown again, and not asked for. Ids are never given twice.
 */
const gone = new Set<number>()

export function noteGone(ids: readonly number[], isTrue = true): void {
  for (const id of ids)
    if (isTrue) gone.add(id)
    else gone.delete(id)
}

export function isGone(id: number): boolean {
  return gone.has(id)
}
