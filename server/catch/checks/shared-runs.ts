/** Work that several ask for at once is done once. */
export class SharedRuns<T> {
  readonly #underWay = new Map<number, Promise<T>>()

  of(id: number, run: () => Promise<T>): Promise<T> {
    const known = this.#underWay.get(id)
    if (known) return known
    const begun = run().finally(() => this.#underWay.delete(id))
    this.#underWay.set(id, begun)
    return begun
  }
}
