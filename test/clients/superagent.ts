// As much of superagent as the package `mailtrap` 2.0.2 uses. It requires that library without declaring it, so that
// its users install one beside it.

interface Reply {
  text: string
  body: unknown
}

class Request implements PromiseLike<Reply> {
  readonly #method: string
  readonly #url: string
  readonly #headers = new Headers()

  constructor(method: string, url: string) {
    this.#method = method
    this.#url = url
  }

  set(name: string, value: string): this {
    this.#headers.set(name, value)
    return this
  }

  // It is awaited, as a promise is.
  // oxlint-disable-next-line no-thenable
  then<A, B>(
    onReply: ((reply: Reply) => A | PromiseLike<A>) | null,
    onError?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#send().then(onReply, onError)
  }

  async #send(): Promise<Reply> {
    const response = await fetch(this.#url, { method: this.#method, headers: this.#headers })
    const text = await response.text()
    if (!response.ok) throw Object.assign(new Error(response.statusText), { status: response.status })
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
    return { text, body: isJson ? JSON.parse(text) : {} }
  }
}

export const superagent = Object.assign((url: string) => new Request('GET', url), {
  delete: (url: string) => new Request('DELETE', url),
})
