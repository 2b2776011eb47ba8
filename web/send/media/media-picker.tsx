import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { changeMedium, mediaQuery, type Medium } from '../../calls/media.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { State } from '../../ui/state.tsx'
import { toastFailure } from '../../ui/toasts.tsx'
import { DropZone, UploadButton, Uploads } from './drop-zone.tsx'
import { MediaGrid, MediumPicture } from './media-grid.tsx'
import { MediaLoading } from './media-library.tsx'

interface MediaPickerProps {
  onPick: (medium: Medium) => void
  onClose: () => void
}

/** Chooses a picture, or uploads one, and asks for its words when it has none. */
export function MediaPicker({ onPick, onClose }: MediaPickerProps) {
  const pages = useInfiniteQuery(mediaQuery)
  const media = pages.data?.pages.flatMap(page => page.media) ?? []
  const [wordless, setWordless] = useState<Medium>()
  const pick = (medium: Medium) => {
    onPick(medium)
    onClose()
  }
  const chosen = (medium: Medium | undefined) => {
    if (!medium) return
    if (medium.alt) pick(medium)
    else setWordless(medium)
  }
  if (wordless) return <AskForWords medium={wordless} onDone={pick} onClose={onClose} />
  return (
    <Dialog title="Choose a picture" wide onClose={onClose}>
      <DropZone enabled onUploaded={([first]) => chosen(first)}>
        <div className="flex flex-wrap items-center gap-3">
          <UploadButton onUploaded={([first]) => chosen(first)} />
          <span className="text-faint max-sm:hidden">or drop or paste one here</span>
        </div>
        <Uploads />
        {pages.isPending && <MediaLoading />}
        {pages.isError && !pages.data && (
          <State urgent title="The pictures could not be loaded">
            {pages.error.message}
          </State>
        )}
        {pages.data && media.length === 0 && <State title="No picture yet">Upload the first one.</State>}
        {media.length > 0 && <MediaGrid media={media} deed="Choose" onPress={chosen} />}
        {pages.hasNextPage && (
          <Button
            className="self-center"
            busy={pages.isFetchingNextPage}
            onClick={() => void pages.fetchNextPage()}
          >
            More pictures
          </Button>
        )}
      </DropZone>
    </Dialog>
  )
}

interface AskForWordsProps {
  medium: Medium
  onDone: (medium: Medium) => void
  onClose: () => void
}

function AskForWords({ medium, onDone, onClose }: AskForWordsProps) {
  const [alt, setAlt] = useState('')
  return (
    <Dialog
      title="What does it show?"
      about="Many mail programs hide pictures at first, and some readers never see them. Say it in a few words."
      onClose={onClose}
    >
      <div className="flex max-h-40 justify-center overflow-hidden rounded-card border border-line bg-sunk p-2">
        <MediumPicture medium={medium} className="max-h-36 object-contain" />
      </div>
      <form
        noValidate
        className="flex flex-col gap-4"
        onSubmit={event => {
          event.preventDefault()
          const words = alt.trim()
          if (!words) return onDone(medium)
          changeMedium(medium.id, { alt: words }).then(onDone, error => {
            toastFailure('The words were not kept in the library.', error)
            onDone({ ...medium, alt: words })
          })
        }}
      >
        <Field
          label="Alt text"
          placeholder="A red bicycle in front of our shop"
          value={alt}
          maxLength={1000}
          autoComplete="off"
          onChange={event => setAlt(event.target.value)}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary">
            {alt.trim() ? 'Use the picture' : 'It is mere decoration'}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
