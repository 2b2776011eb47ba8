import type { FastifyInstance } from 'fastify'
import { FormViews } from '../../sign-up/form-views.ts'
import { formRoutes } from './form-routes.ts'
import { linkRoutes } from './link-routes.ts'
import type { PublicDoor } from './public-door.ts'

/** Everything under `/subscriptions`, outside all APIs: for people without a login. */
export function publicPages(app: FastifyInstance, door: PublicDoor): { close(): Promise<void> } {
  const views = new FormViews(door.storage, door.log)
  formRoutes(app, door, views)
  linkRoutes(app, door)
  return { close: () => views.flush() }
}
