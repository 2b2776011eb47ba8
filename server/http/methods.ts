import type { FastifyInstance } from 'fastify'

interface Known {
  pattern: RegExp
  methods: Set<string>
  open: boolean
}

/** Which methods a path is served with: for 405 and its Allow. Asked only when no route matched. */
export class Methods {
  readonly #known = new Map<string, Known>()

  /** Must be called before the routes are added. */
  watch(app: FastifyInstance): void {
    app.addHook('onRoute', ({ url, method, config }) => {
      let known = this.#known.get(url)
      if (known === undefined) {
        known = { pattern: patternOf(url), methods: new Set(), open: config?.open === true }
        this.#known.set(url, known)
      }
      for (const one of [method].flat()) known.methods.add(one)
    })
  }

  /** @returns methods empty if no route has this path; open if one that has needs no credentials */
  of(path: string): { methods: string[]; open: boolean } {
    const bare = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
    const matching = [...this.#known.values()].filter(({ pattern }) => pattern.test(bare))
    return {
      methods: [...new Set(matching.flatMap(({ methods }) => [...methods]))].toSorted(),
      open: matching.some(({ open }) => open),
    }
  }
}

/** The router's own notation: `:name`, `:name(regular expression)`, `*`. */
function patternOf(url: string): RegExp {
  const source = url
    .replaceAll(/:\w+(\([^/]*\))?/g, '\0')
    .replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('\0', '[^/]+')
  return new RegExp(`^${source}$`)
}
