import type { ProjectSummary } from '../../../server/catch/api/wire.ts'
import { leavePlace, type Place } from '../../calls/people.ts'
import { goTo, left } from '../../frame/go-to.ts'
import { confirmed } from '../../ui/dialogs.tsx'
import { toast, toastFailure } from '../../ui/toasts.tsx'

export function leaveInbox({ id, name }: { id: number; name: string }): Promise<void> {
  return leave({ kind: 'inbox', id }, name, [`/inboxes/${id}`])
}

export function leaveProject({ id, name, inboxes }: ProjectSummary): Promise<void> {
  return leave({ kind: 'project', id }, name, [
    `/projects/${id}`,
    ...inboxes.map(inbox => `/inboxes/${inbox.id}`),
  ])
}

/** Asks, then gives back what was given to oneself, and with it these paths. */
async function leave(place: Place, name: string, paths: string[]): Promise<void> {
  const sure = await confirmed({
    title: `Leave the ${place.kind} “${name}”?`,
    text: 'You no longer see its mail. To come back you need a new invitation.',
    action: `Leave ${place.kind}`,
    danger: true,
  })
  if (!sure) return
  for (const path of paths) left.add(path)
  try {
    await leavePlace(place)
    goTo.startFrom(paths)
    toast(`You left “${name}”.`)
  } catch (error) {
    left.clear()
    toastFailure('Not left.', error)
  }
}
