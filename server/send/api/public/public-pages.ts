import type { FastifyInstance } from 'fastify'
import { FormViews } from '../../form-views.ts'
import type { AudienceDoor } from '../audience-door.ts'
import { formRoutes } from './form-routes.ts'
import { linkRoutes } from './link-routes.ts'

/** Everything under `/subscriptions`, outside all APIs: for people without a login. */
export function publicPages(app: FastifyInstance, door: AudienceDoor): { close(): Promise<void> } {
  const views = new FormViews(door.storage, door.log)
  formRoutes(app, door, views)
  linkRoutes(app, door)
  return { close: () => views.flush() }
}
