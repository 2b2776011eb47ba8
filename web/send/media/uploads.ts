import { uploadMedium, type Medium } from '../../calls/media.ts'
import { createStore } from '../../ui/store.ts'
import { toastFailure } from '../../ui/toasts.tsx'

interface Upload {
  id: number
  name: string
  /** 0 to 1. */
  share: number
}

const under = createStore<readonly Upload[]>([])
let last = 0

export const useUploads = under.use

/** One after the other: side by side they would only share the line. Answers those that arrived, in order. */
export async function uploadAll(files: readonly File[]): Promise<Medium[]> {
  const waiting = files.map(file => ({ file, id: ++last }))
  under.set([...under.get(), ...waiting.map(({ file, id }) => ({ id, name: file.name, share: 0 }))])
  const arrived: Medium[] = []
  for (const { file, id } of waiting) {
    try {
      arrived.push(
        await uploadMedium(file, share =>
          under.set(under.get().map(one => (one.id === id ? { ...one, share } : one))),
        ),
      )
    } catch (error) {
      toastFailure(`“${file.name}” was not taken.`, error)
    }
    under.set(under.get().filter(one => one.id !== id))
  }
  return arrived
}

/** The pictures in what was dropped or pasted. */
export function picturesIn(data: DataTransfer | null): File[] {
  return [...(data?.files ?? [])].filter(({ type }) => type.startsWith('image/'))
}
