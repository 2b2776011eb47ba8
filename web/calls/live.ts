import { createStore } from '../ui/store.ts'

interface InboxEvent {
  inbox_id: number
  version: number
  emails_count: number
  emails_unread_count: number
  newest_id: number | null
}

export type LiveEvent =
  | { type: 'inbox'; inbox: InboxEvent }
  | { type: 'projects' }
  | { type: 'session' }
  /** The feed opened again: what happened in between was not heard. */
  | { type: 'reopened' }

type State = 'connecting' | 'open' | 'lost'
type Heard = { event: LiveEvent } | { state: State } | { ask: true }

const listeners = new Set<(event: LiveEvent) => void>()
const state = createStore<State>('connecting')

export function onLive(listener: (event: LiveEvent) => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

export function useLiveState(): State {
  return state.use()
}

function hear(heard: Heard): void {
  if ('event' in heard) for (const listener of listeners) listener(heard.event)
  if ('state' in heard) state.set(heard.state)
}

/**
 * Starts the feed for this tab; returns how to end it. A browser opens six connections to a server without
 * HTTP/2 and a feed holds one, so of all tabs only one (the one that has the lock) listens, and tells the others.
 */
export function startLive(): () => void {
  const stop = new AbortController()
  if (!navigator.locks || !('BroadcastChannel' in globalThis)) {
    listen(hear, stop.signal)
    return () => stop.abort()
  }

  const channel = new BroadcastChannel('posthorn-live')
  let leading = false
  channel.addEventListener('message', ({ data }: MessageEvent<Heard>) => {
    if (!('ask' in data)) hear(data)
    else if (leading) channel.postMessage({ state: state.get() })
  })
  channel.postMessage({ ask: true })
  void navigator.locks
    .request('posthorn-live', { signal: stop.signal }, () => {
      leading = true
      listen(heard => {
        hear(heard)
        channel.postMessage(heard)
      }, stop.signal)
      return new Promise<void>(resolve => stop.signal.addEventListener('abort', () => resolve()))
    })
    .catch(() => {})
  return () => {
    stop.abort()
    channel.close()
  }
}

function listen(tell: (heard: Heard) => void, signal: AbortSignal): void {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let pause = 1000

  const open = () => {
    source = new EventSource('/api/posthorn/live')
    source.addEventListener('open', () => {
      pause = 1000
      tell({ state: 'open' })
      tell({ event: { type: 'reopened' } })
    })
    source.addEventListener('error', () => {
      tell({ state: 'lost' })
      // After anything but a lost connection (an answer that is no feed) the browser gives up; we do not.
      if (source?.readyState !== EventSource.CLOSED) return
      timer = setTimeout(open, pause)
      pause = Math.min(pause * 2, 15_000)
    })
    source.addEventListener('inbox', ({ data }: MessageEvent<string>) =>
      tell({ event: { type: 'inbox', inbox: JSON.parse(data) as InboxEvent } }),
    )
    source.addEventListener('projects', () => tell({ event: { type: 'projects' } }))
    source.addEventListener('session', () => tell({ event: { type: 'session' } }))
  }

  signal.addEventListener('abort', () => {
    clearTimeout(timer)
    source?.close()
  })
  open()
}
