import type { FastifyInstance } from 'fastify'
import { accountRoutes } from './account.ts'
import type { AccountsDoor } from './accounts-door.ts'
import { liveRoutes } from './live.ts'
import { LoginThrottle } from './login-throttle.ts'
import { sessionRoutes } from './session.ts'
import { tokenRoutes } from './tokens.ts'

/** What this folder adds to `/api/posthorn`. */
export function accountsRoutes(door: AccountsDoor): (app: FastifyInstance) => void {
  const throttle = new LoginThrottle()
  return app => {
    sessionRoutes(app, door, throttle)
    accountRoutes(app, door, throttle)
    tokenRoutes(app, door)
    liveRoutes(app, door)
  }
}
