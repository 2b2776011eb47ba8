import { CallError } from './http.ts'
import { queryClient } from './query-client.ts'
import { sessionQuery } from './session.ts'

/** Sends a file as it is and tells how much of it is on its way (0 to 1), which `fetch` does not. */
export function upload<T>(
  path: string,
  file: File,
  onProgress: (share: number) => void,
  signal?: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', path)
    request.responseType = 'json'
    request.setRequestHeader('accept', 'application/json')
    request.setRequestHeader('content-type', file.type || 'application/octet-stream')
    request.setRequestHeader('x-file-name', encodeURIComponent(file.name))
    const csrf = queryClient.getQueryData(sessionQuery.queryKey)?.csrf
    if (csrf) request.setRequestHeader('x-csrf-token', csrf)
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      if (total > 0) onProgress(loaded / total)
    })
    request.addEventListener('load', () => {
      if (request.status < 300) resolve(request.response as T)
      else reject(refusal(request))
    })
    request.addEventListener('error', () =>
      reject(new CallError(0, 'unreachable', 'The server cannot be reached.')),
    )
    request.addEventListener('abort', () => reject(new DOMException('Given up', 'AbortError')))
    signal?.addEventListener('abort', () => request.abort())
    request.send(file)
  })
}

function refusal({ status, response }: XMLHttpRequest): CallError {
  const { error } = (response ?? {}) as {
    error?: { code: string; message: string; fields?: Record<string, string[]> }
  }
  if (error?.message) return new CallError(status, error.code, error.message, error.fields)
  return new CallError(
    status,
    'refused',
    status === 413 ? 'That is too large.' : `The server answered ${status}.`,
  )
}
