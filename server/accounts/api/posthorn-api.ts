import type { Api } from '../../http/api.ts'
import { sayInOwnWords } from '../../http/own-dialect.ts'
import type { Callers } from '../callers.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** People whose address is still to be proved may call it, too. */
    unverified?: boolean
  }
}

/** Everything that is ours alone: what the web app needs beyond the dialects. Every kind of token counts. */
export function posthornApi(callers: Callers): Api {
  return {
    name: 'posthorn',
    prefix: '/api/posthorn',
    owns: path => path === '/api/posthorn' || path.startsWith('/api/posthorn/'),
    say: sayInOwnWords,
    identify: (request, body) =>
      callers.identify(request, body, 'any', request.routeOptions.config.unverified === true),
    headers: {
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'same-origin',
    },
  }
}
