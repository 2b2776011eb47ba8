import type { FastifyInstance } from 'fastify'
import { acceptInvitationRoutes } from './accept-invitation.ts'
import { accountRoutes } from './account.ts'
import { accountTokenRoutes } from './account-tokens.ts'
import type { AccountsDoor } from './accounts-door.ts'
import { confirmEmailRoutes } from './confirm-email.ts'
import { corsDomainRoutes } from './cors-domains.ts'
import { invitationRoutes } from './invitations.ts'
import { liveRoutes } from './live.ts'
import { LoginThrottle } from './login-throttle.ts'
import { mailtrapUserRoutes } from './mailtrap-user.ts'
import { memberRoutes } from './members.ts'
import { registerRoutes } from './register.ts'
import { resetPasswordRoutes } from './reset-password.ts'
import { sessionRoutes } from './session.ts'
import { tokenRoutes } from './tokens.ts'
import { verifyEmailRoutes } from './verify-email.ts'
import { workspaceRoutes } from './workspaces.ts'

/** What this folder adds to `/api/posthorn`. */
export function accountsRoutes(door: AccountsDoor): (app: FastifyInstance) => void {
  const throttle = new LoginThrottle()
  return app => {
    sessionRoutes(app, door, throttle)
    registerRoutes(app, door, throttle)
    verifyEmailRoutes(app, door)
    resetPasswordRoutes(app, door)
    accountRoutes(app, door, throttle)
    confirmEmailRoutes(app, door)
    accountTokenRoutes(app, door)
    tokenRoutes(app, door)
    workspaceRoutes(app, door)
    memberRoutes(app, door)
    invitationRoutes(app, door)
    acceptInvitationRoutes(app, door)
    liveRoutes(app, door)
  }
}

/** What this folder adds to Mailtrap's API V1, relative to `/api/v1`. */
export function mailtrapAccountRoutes(door: AccountsDoor): (app: FastifyInstance) => void {
  return app => {
    mailtrapUserRoutes(app, door)
    corsDomainRoutes(app, door)
  }
}
