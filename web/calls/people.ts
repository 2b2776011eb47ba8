import { queryOptions } from '@tanstack/react-query'
import type { PeopleList, ReachingPerson } from '../../server/catch/api/wire.ts'
import { call } from './http.ts'
import { projectsQuery } from './projects.ts'
import { queryClient } from './query-client.ts'

export type { PeopleList, ReachingPerson }

/** A project or an inbox, in the words of its path. */
export interface Place {
  kind: 'project' | 'inbox'
  id: number
}

const pathOf = ({ kind, id }: Place) =>
  `/api/posthorn/${kind === 'project' ? 'projects' : 'inboxes'}/${id}/people`

/** Who reaches it, and through what. */
export const peopleQuery = (place: Place) =>
  queryOptions({
    queryKey: ['people', place.kind, place.id],
    queryFn: ({ signal }) => call<PeopleList>(pathOf(place), { signal }),
    staleTime: 0,
    refetchOnWindowFocus: true,
  })

export async function changePerson(place: Place, id: number, role: 'admin' | 'viewer'): Promise<void> {
  await call(`${pathOf(place)}/${id}`, { method: 'PATCH', body: { role } })
  await queryClient.invalidateQueries(peopleQuery(place))
}

export async function removePerson(place: Place, id: number): Promise<void> {
  await call(`${pathOf(place)}/${id}`, { method: 'DELETE' })
  await queryClient.invalidateQueries(peopleQuery(place))
}

/** Gives back what was given to oneself; what comes with a project or a workspace stays. */
export async function leavePlace(place: Place): Promise<void> {
  if (place.kind === 'inbox') await call(`/api/v1/shared_inboxes/${place.id}`, { method: 'DELETE' })
  else {
    const { people } = await call<PeopleList>(pathOf(place))
    const own = people.find(person => person.is_you && person.through === 'project')
    if (own?.id) await call(`${pathOf(place)}/${own.id}`, { method: 'DELETE' })
  }
  await queryClient.invalidateQueries(projectsQuery)
}
