import type { FastifyReply, FastifyRequest } from 'fastify'
import { accepted } from '../../../http/accept.ts'
import { html } from '../../../http/html.ts'
import { sayInOwnWords } from '../../../http/own-dialect.ts'
import { loggedPath } from '../../../http/path.ts'
import { problemOf, STATUS } from '../../../http/refusal.ts'
import type { Log } from '../../../log.ts'
import type { Problem } from '../../../problem.ts'
import { type Sender, senderOf } from '../../audience/audience-settings.ts'
import { chooseLocale, filled, type Texts, textsIn } from '../../public/texts.ts'
import type { Database } from '../../../storage/schema.ts'
import { type PublicPage, sendPage } from './page.ts'

const TYPES = ['text/html', 'application/json']
/** Of pages that are nobody's. */
const COLOUR = '#3355aa'

/** What a page needs besides its title and body. */
export interface Speaking extends Pick<PublicPage, 'locale' | 'name' | 'colour'> {
  texts: Texts
  /** A text of the catalogue with the workspace's name in it. */
  say(key: keyof Texts, values?: Record<string, string>): string
}

export async function speakingFor(
  db: Database,
  request: FastifyRequest,
  workspaceId: number | undefined,
): Promise<Speaking> {
  const sender = workspaceId === undefined ? undefined : await senderOf(db, workspaceId)
  return speakingAs(request, sender)
}

export function speakingAs(
  { headers }: Pick<FastifyRequest, 'headers'>,
  sender: Omit<Sender, 'workspaceId'> | undefined,
): Speaking {
  const { name = '', colour = COLOUR, locale: chosen = '' } = sender ?? {}
  const locale = chooseLocale(chosen, headers['accept-language'])
  const texts = textsIn(locale)
  return { locale, name, colour, texts, say: (key, values) => filled(texts[key], { name, ...values }) }
}

/** Scripts are answered in JSON: those that ask for it, and those that send it and do not say. */
export function wantsJson({ headers }: FastifyRequest): boolean {
  const { accept } = headers
  if (accept === undefined || accept === '*/*') return /json/.test(headers['content-type'] ?? '')
  return accepted(accept, TYPES) === 'application/json'
}

const SAID: Partial<Record<Problem['kind'], 'not_found' | 'busy' | 'unreadable'>> = {
  absent: 'not_found',
  too_many: 'busy',
  too_large: 'unreadable',
  malformed: 'unreadable',
  invalid: 'unreadable',
}

/** How these routes say no: to people with a page, to scripts in the words of our other calls. */
export function refuseOnPage(log: Log) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const problem = problemOf(error)
    if (problem.kind === 'broken' || problem.kind === 'unavailable')
      log.error('A public page failed', {
        method: request.method,
        path: loggedPath(request.url),
        error: problem.cause ?? problem,
      })
    if (problem.retryAfter !== undefined) reply.header('retry-after', Math.ceil(problem.retryAfter))
    if (wantsJson(request)) {
      const { status, contentType, body } = sayInOwnWords(problem)
      reply.code(status).header('content-type', contentType).header('cache-control', 'no-store').send(body)
      return
    }
    const speaking = speakingAs(request, undefined)
    const key = SAID[problem.kind] ?? 'failed'
    sendPage(reply, STATUS[problem.kind], {
      ...speaking,
      title: speaking.texts[`${key}_title`],
      body: html`<p>${speaking.texts[key]}</p>`,
    })
  }
}
