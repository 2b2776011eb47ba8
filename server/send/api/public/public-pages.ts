import type { FastifyInstance } from 'fastify'
import { FormViews } from '../../sign-up/form-views.ts'
import { EventBuffer } from '../../feedback/event-buffer.ts'
import { DeliveryLinks } from './delivery-links.ts'
import { formRoutes } from './form-routes.ts'
import { linkRoutes } from './link-routes.ts'
import type { PublicDoor } from './public-door.ts'
import { trackingRoutes } from './tracking-routes.ts'
import { unsubscribeRoutes } from './unsubscribe-routes.ts'
import { webviewRoutes } from './webview-routes.ts'

/** Everything outside all APIs, for people without a login: `/subscriptions`, `/webview` and `/t`. */
export function publicPages(app: FastifyInstance, door: PublicDoor): { close(): Promise<void> } {
  const views = new FormViews(door.storage, door.log)
  formRoutes(app, door, views)
  linkRoutes(app, door)
  const links = new DeliveryLinks(door)
  unsubscribeRoutes(app, door, links)
  webviewRoutes(app, door, links)
  const events = new EventBuffer(door.storage, door.log)
  trackingRoutes(app, door, events)
  return {
    async close() {
      await views.flush()
      await events.close()
    },
  }
}
