import { useEffect, useState } from 'react'
import { type Rendered, type RenderRequest, renderTemplate } from '../../../calls/templates.ts'

const PAUSE_MS = 250

export interface Rendering {
  /** The last that there is something to see of, so that the preview does not go blank while a tag is half typed. */
  good: Rendered | null
  /** The newest answer. */
  last: Rendered | null
  /** The server could not be asked. */
  failure: Error | null
  busy: boolean
}

/** What the server makes of the draft, asked again after each pause in typing. */
export function useRendering(request: RenderRequest): Rendering {
  const [state, setState] = useState<Rendering>({ good: null, last: null, failure: null, busy: true })
  const key = JSON.stringify(request)
  useEffect(() => {
    const stop = new AbortController()
    const ask = () => {
      setState(now => ({ ...now, busy: true }))
      renderTemplate(JSON.parse(key) as RenderRequest, stop.signal).then(
        last =>
          setState(now => ({
            good: last.html !== '' || last.errors.length === 0 ? last : now.good,
            last,
            failure: null,
            busy: false,
          })),
        (error: Error) => {
          if (!stop.signal.aborted) setState(now => ({ ...now, failure: error, busy: false }))
        },
      )
    }
    const timer = setTimeout(ask, PAUSE_MS)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [key])
  return state
}
