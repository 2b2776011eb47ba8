import { useInfiniteQuery } from '@tanstack/react-query'
import { Image as ImageIcon } from 'lucide-react'
import { lazy } from 'react'
import { mediaQuery } from '../../calls/media.ts'
import { mayChange, useSession } from '../../calls/session.ts'
import { Page } from '../../frame/page.tsx'
import { Button } from '../../ui/button.tsx'
import { showDialog } from '../../ui/dialogs.tsx'
import { useDocumentTitle } from '../../ui/document-title.ts'
import { State } from '../../ui/state.tsx'
import { DropZone, UploadButton, Uploads } from './drop-zone.tsx'
import { MediaGrid } from './media-grid.tsx'

const MediumDialog = lazy(() =>
  import('./medium-dialog.tsx').then(module => ({ default: module.MediumDialog })),
)

/** The pictures of the workspace, for all its mails. */
export function MediaLibrary() {
  useDocumentTitle('Media')
  const { workspace } = useSession()
  const change = mayChange(workspace?.role)
  const pages = useInfiniteQuery(mediaQuery)
  const media = pages.data?.pages.flatMap(page => page.media) ?? []
  return (
    <Page
      title="Media"
      wide
      about="Pictures for templates and campaigns. They are resized for mail, and kept once however often they are uploaded."
    >
      <DropZone enabled={change}>
        {pages.isError && !pages.data && (
          <State
            urgent
            title="The pictures could not be loaded"
            actions={<Button onClick={() => void pages.refetch()}>Try again</Button>}
          >
            {pages.error.message}
          </State>
        )}
        {change && media.length > 0 && (
          <div className="flex flex-wrap items-center gap-3">
            <UploadButton primary />
            <span className="text-faint max-sm:hidden">or drop or paste them anywhere here</span>
          </div>
        )}
        <Uploads />
        {pages.isPending && <MediaLoading />}
        {pages.data && media.length === 0 && (
          <State
            picture={<ImageIcon size={40} strokeWidth={1.25} aria-hidden />}
            title="No picture yet"
            actions={change && <UploadButton primary />}
          >
            {change
              ? 'Drop PNG, JPEG, GIF or WebP files here, paste one, or choose them.'
              : 'Whoever may change templates uploads them here.'}
          </State>
        )}
        {media.length > 0 && (
          <MediaGrid
            media={media}
            deed="Open"
            onPress={medium =>
              showDialog(close => <MediumDialog medium={medium} mayChange={change} onClose={close} />)
            }
          />
        )}
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
    </Page>
  )
}

export function MediaLoading() {
  return (
    <div
      aria-busy="true"
      className="grid animate-breathe grid-cols-[repeat(auto-fill,minmax(8.75rem,1fr))] gap-4"
    >
      <span className="sr-only" role="status">
        Loading pictures
      </span>
      {[1, 2, 3, 4, 5].map(key => (
        <div key={key} className="aspect-square rounded-card bg-sunk" />
      ))}
    </div>
  )
}
