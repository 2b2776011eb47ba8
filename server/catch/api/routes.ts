import type { FastifyInstance } from 'fastify'
import type { Api, Routes } from '../../http/api.ts'
import type { Cors } from '../../http/cors.ts'
import { attachments } from './attachments.ts'
import { bodies } from './bodies.ts'
import { companies } from './companies.ts'
import { sayLikeMailtrap } from './errors.ts'
import { forwardMessage } from './forward-message.ts'
import { forwardRules } from './forward-rules.ts'
import { inboxesUsers } from './inboxes-users.ts'
import { inboxes } from './inboxes.ts'
import { inboxSettings } from './inbox-settings.ts'
import { mailHeaders } from './mail-headers.ts'
import { messages } from './messages.ts'
import { parts } from './parts.ts'
import { reports } from './reports.ts'
import type { Sandbox } from './sandbox.ts'
import { projectShareLink } from './share-link.ts'
import { sharedInboxes } from './shared-inboxes.ts'
import { sharedUsers } from './shared-users.ts'
import { webChecks } from './web-checks.ts'
import { webConfirmations } from './web-confirmations.ts'
import { webForwarding } from './web-forwarding.ts'
import { webMessage } from './web-message.ts'
import { webMessages } from './web-messages.ts'
import { webOutgoing } from './web-outgoing.ts'
import { webPeople } from './web-people.ts'
import { webProjects } from './web-projects.ts'

/** The first segments that are Mailtrap's; the other half of `/api/v1` belongs to campaigns. */
const OWN = /^\/api\/v1(?:\/(?:user|companies|inboxes|shared_inboxes|cors_domains)(?:[/.]|$)|\/?$)/

/** The manners of Mailtrap's API V1 (contract, sections 1 to 3). */
export function mailtrapApi(identify: Api['identify'], limit: Api['limit'], cors?: Cors): Api {
  return {
    name: 'mailtrap-v1',
    prefix: '/api/v1',
    owns: path => OWN.test(path),
    say: sayLikeMailtrap,
    identify,
    ...(limit && { limit }),
    ...(cors && { cors }),
    headers: {
      vary: 'Accept, Origin',
      'x-content-type-options': 'nosniff',
      'cache-control': 'max-age=0, private, must-revalidate',
    },
    negotiates: ['json', 'xml'],
  }
}

/** Relative to `/api/v1`. */
export function mailtrapRoutes(sandbox: Sandbox): Routes {
  return app => {
    for (const add of [
      companies,
      inboxes,
      forwardRules,
      messages,
      forwardMessage,
      bodies,
      mailHeaders,
      reports,
      attachments,
      sharedInboxes,
      sharedUsers,
      inboxesUsers,
    ])
      add(app, sandbox)
  }
}

/** What only the web app needs, relative to `/api/posthorn`. */
export function webRoutes(sandbox: Sandbox): Routes {
  return (app: FastifyInstance) => {
    for (const add of [
      webProjects,
      inboxSettings,
      webMessages,
      webMessage,
      webChecks,
      parts,
      webForwarding,
      webOutgoing,
      webConfirmations,
      webPeople,
      projectShareLink,
    ])
      add(app, sandbox)
  }
}
