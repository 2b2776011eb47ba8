import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { CallError } from '../../calls/http.ts'
import { messageQuery } from '../../calls/messages.ts'
import { Button } from '../../ui/button.tsx'
import { State } from '../../ui/state.tsx'
import { useInboxPlace } from '../inbox-place.ts'
import { knownMessage, setRead } from '../list/deeds.ts'
import { isGone } from '../list/gone.ts'
import { MessageBody } from './message-body.tsx'
import { MessageHeader } from './message-header.tsx'
import { MessageToolbar } from './message-toolbar.tsx'

/** A message that is only passed by on the way to another one stays unread. */
const READ_MS = 250

export function MessageView() {
  const { messageId } = useParams({ from: '/frame/inboxes/$inboxId/list/messages/$messageId' })
  const { inboxId, mayChange, close } = useInboxPlace()
  const deleted = isGone(messageId)
  const detail = useQuery({ ...messageQuery(inboxId, messageId), enabled: !deleted })
  const message = detail.data ?? knownMessage(inboxId, messageId)

  const known = detail.data !== undefined && mayChange !== undefined
  // What viewers look at stays new for those who work with it.
  const unread = mayChange && detail.data?.is_read === false
  const read = useRef<number>(undefined)
  useEffect(() => {
    // Once for each opening: marked as unread by hand, it stays so.
    if (!known || read.current === messageId) return
    const timer = setTimeout(() => {
      read.current = messageId
      if (unread) void setRead(inboxId, [messageId], true)
    }, READ_MS)
    return () => clearTimeout(timer)
  }, [inboxId, messageId, known, unread])

  if ((detail.isError && !detail.data) || (deleted && !message)) {
    const gone = deleted || (detail.error instanceof CallError && detail.error.status === 404)
    return (
      <State
        urgent
        title={gone ? 'This message is gone' : 'The message could not be loaded'}
        actions={
          <>
            {!gone && <Button onClick={() => void detail.refetch()}>Try again</Button>}
            <Button onClick={close}>Back to the list</Button>
          </>
        }
      >
        {gone
          ? 'It was deleted, or pushed out by newer mail when the inbox was full.'
          : detail.error?.message}
      </State>
    )
  }
  return (
    <article aria-label={message?.subject || 'Message'} className="flex min-h-0 min-w-0 grow flex-col">
      <MessageToolbar id={messageId} detail={detail.data} />
      {message && (
        <>
          <MessageHeader message={message} detail={detail.data} />
          <MessageBody key={messageId} message={message} detail={detail.data} />
        </>
      )}
    </article>
  )
}
