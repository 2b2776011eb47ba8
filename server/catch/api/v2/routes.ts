import type { Api, Routes } from '../../../http/api.ts'
import type { Cors } from '../../../http/cors.ts'
import { Problem } from '../../../problem.ts'
import { attachments } from '../attachments.ts'
import { bodies } from '../bodies.ts'
import { forwardMessage } from '../forward-message.ts'
import { mailHeaders } from '../mail-headers.ts'
import { reports } from '../reports.ts'
import type { Sandbox } from '../sandbox.ts'
import { accountAccessRoutes } from './account-accesses.ts'
import { accounts } from './accounts.ts'
import { sayLikeSending, sayLikeV2 } from './errors.ts'
import { FORMS } from './form.ts'
import { inboxes } from './inboxes.ts'
import { messages } from './messages.ts'
import { permissions } from './permissions.ts'
import { projects } from './projects.ts'
import { type MailIn, send } from './send.ts'

const OWN = /^\/api\/(?:accounts|projects|sandboxes|account_accesses|permissions)(?:\/|$)/
const OF_SENDING = /^\/api\/(?:send|batch)(?:\/|$)/

/** The manners of Mailtrap's API V2 (contract, section 13). */
export function mailtrapV2Api(identify: Api['identify'], limit: Api['limit'], cors?: Cors): Api {
  return {
    name: 'mailtrap-v2',
    prefix: '/api',
    owns: path => OWN.test(path),
    say: sayLikeV2,
    identify,
    ...(limit && { limit }),
    ...(cors && { cors }),
    headers: {
      vary: 'Accept, Origin',
      'x-content-type-options': 'nosniff',
      'cache-control': 'max-age=0, private, must-revalidate',
      'x-mailtrap-version': 'v2',
    },
    negotiates: ['json'],
  }
}

/** Those of the vendor's sending hosts, which are not the ones of the rest. */
export function sendingApi(identify: Api['identify'], limit: Api['limit'], cors?: Cors): Api {
  return {
    name: 'mailtrap-sending',
    prefix: '/api',
    owns: path => OF_SENDING.test(path),
    say: sayLikeSending,
    identify(request, body) {
      const found = identify(request, body)
      // The credentials are in a header here: nobody need upload fifty megabytes to be told that they are not.
      if (found === undefined) throw new Problem('unauthenticated')
      if (!(found instanceof Promise)) return found
      return found.then(identity => {
        if (identity === undefined) throw new Problem('unauthenticated')
        return identity
      })
    },
    ...(limit && { limit }),
    ...(cors && { cors }),
    headers: { vary: 'Origin', 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' },
  }
}

/** Relative to `/api`. */
export function mailtrapV2Routes(sandbox: Sandbox): Routes {
  return app => {
    accounts(app, sandbox)
    for (const form of FORMS)
      app.register(
        async plugin => {
          plugin.addHook('onRoute', route => {
            route.config = { ...route.config, account: form.account }
          })
          for (const add of [projects, inboxes, messages, accountAccessRoutes, permissions])
            add(plugin, sandbox, form)
          for (const add of [forwardMessage, bodies, mailHeaders, reports, attachments])
            add(plugin, sandbox, `/${form.inboxes}`)
        },
        { prefix: form.prefix },
      )
  }
}

/**
 * What the usual limit of a body would refuse that is no more than one mail of the largest size, in base64, or the
 * 50 MB that the dialect allows for many.
 */
export function bodyLimits(maxBodySize: number, maxMessageSize: number): MailIn['bodyLimits'] {
  const one = Math.ceil((maxMessageSize * 4) / 3) + (1 << 20)
  return { send: Math.max(maxBodySize, one), batch: Math.max(maxBodySize, one, 50 << 20) }
}

/** Relative to `/api`. */
export function sendingRoutes(sandbox: Sandbox, mailIn: MailIn): Routes {
  return app => send(app, sandbox, mailIn)
}
