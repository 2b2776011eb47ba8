/** A call that was answered with a refusal, or not at all (`status` 0). */
export class CallError extends Error {
  readonly status: number
  readonly code: string
  /** Messages per field; `base` holds those that belong to none. */
  readonly fields: Record<string, string[]>

  constructor(status: number, code: string, message: string, fields: Record<string, string[]> = {}) {
    super(message)
    this.status = status
    this.code = code
    this.fields = fields
  }
}

export interface CallOptions {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  body?: unknown
  signal?: AbortSignal | undefined
}

let csrf: string | null = null
let renew: () => Promise<void> = async () => {}

export function setCsrf(token: string | null): void {
  csrf = token
}

/** What to do when a call says that this browser's session is not (or no longer) good: ask for it again. */
export function onStaleSession(ask: () => Promise<void>): void {
  renew = ask
}

export async function call<T>(path: string, options: CallOptions = {}): Promise<T> {
  const response = await send(path, options)
  return (response.status === 204 ? null : await response.json()) as T
}

export async function callText(path: string, signal?: AbortSignal): Promise<string> {
  return (await send(path, { signal })).text()
}

/** The answer with its body unread, for those who want only the beginning of it. */
export async function send(path: string, options: CallOptions, again = false): Promise<Response> {
  const method = options.method ?? 'GET'
  const headers: Record<string, string> = { accept: 'application/json' }
  if (method !== 'GET' && csrf) headers['x-csrf-token'] = csrf
  if (options.body !== undefined) headers['content-type'] = 'application/json'
  const sent = csrf

  let response: Response
  try {
    response = await fetch(path, {
      method,
      headers,
      credentials: 'same-origin',
      body: options.body === undefined ? null : JSON.stringify(options.body),
      signal: options.signal ?? null,
    })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new CallError(0, 'unreachable', 'The server cannot be reached.')
  }
  if (response.ok) return response

  // Another tab may have signed in or out: with the session as it is now the same call may be right.
  const stale = response.status === 401 || (response.status === 403 && method !== 'GET')
  if (stale && !again && path !== '/api/posthorn/session') {
    await renew()
    if (csrf !== sent && csrf !== null) return send(path, options, true)
  }
  throw await refusalIn(response)
}

async function refusalIn(response: Response): Promise<CallError> {
  const body: unknown = await response.json().catch(() => null)
  const { error, errors } = (body ?? {}) as { error?: unknown; errors?: unknown }

  // Our own calls say {error: {code, message, fields}}; Mailtrap's V1 says {error} or {errors}, text or per field.
  if (typeof error === 'object' && error) {
    const { code, message, fields } = error as {
      code?: string
      message?: string
      fields?: Record<string, string[]>
    }
    return new CallError(response.status, code ?? 'refused', message ?? sentenceFor(response.status), fields)
  }
  if (typeof errors === 'object' && errors) {
    const fields = errors as Record<string, string[]>
    const [name, messages] = Object.entries(fields)[0] ?? []
    const first = messages?.[0]
    const sentence = first ? `${name === 'base' ? '' : `${name?.replaceAll('_', ' ')} `}${first}.` : undefined
    return new CallError(
      response.status,
      'invalid',
      sentence ? sentence[0]?.toUpperCase() + sentence.slice(1) : sentenceFor(response.status),
      fields,
    )
  }
  return new CallError(response.status, 'refused', sentenceFor(response.status))
}

function sentenceFor(status: number): string {
  if (status === 401) return 'Please sign in.'
  if (status === 403) return 'You may not do this.'
  if (status === 404) return 'This no longer exists.'
  if (status === 413) return 'That is too large.'
  if (status === 429) return 'Too many requests. Please wait a moment.'
  if (status === 503) return 'The server cannot do this right now. Please try again in a moment.'
  return `The server answered ${status}.`
}
