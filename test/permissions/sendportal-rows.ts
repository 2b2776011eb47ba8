// The rows of SendPortal's API, in both of its generations.
import type { Row } from './rows.ts'
import type { CallerName, Target, TargetName } from './world.ts'

/** Paths on which tokens of workspaces count. */
export const OF_SENDPORTAL =
  /\/api\/v1\/(ping|workspaces|subscribers|tags|templates|campaigns|email-services|messages|transactional)\b/

const MEMBERS: CallerName[] = ['owner', 'admin', 'viewer', 'workspace token']

/** Whether the thing is in the workspace that the caller asks about. */
function isTheirs(caller: CallerName, target: TargetName): boolean {
  if (target === 'deleted') return false
  return target === 'foreign' ? caller === 'stranger' : MEMBERS.includes(caller)
}

interface About {
  /** Ids and keys of what a path names. */
  id: (target: Target) => number
  body?: (target: Target) => unknown
  /** What those who may are answered; default 200. */
  answers?: number[]
  /** The body names things of the workspace, and is looked at before the path is (contract, section 1.7). */
  bodyFirst?: true
  spoils?: true
}

type Generation = 'of caller' | 'in path'

/** Permission comes before all; a workspace that is not theirs is forbidden where a path names it. */
function row(generation: Generation, role: 'viewer' | 'admin', about: Partial<About> = {}): Row {
  const { id, body, answers = [200], bodyFirst, spoils } = about
  return {
    needs: {
      level: 'workspace',
      role,
      also(caller, target) {
        if (isTheirs(caller, target)) return undefined
        if (id === undefined) return generation === 'in path' ? 403 : undefined
        const isMember = target === 'foreign' ? caller === 'stranger' : MEMBERS.includes(caller)
        if (generation === 'in path' && !isMember) return 403
        // Elsewhere guests and strangers ask in their own workspace, where they may do everything.
        if (caller === 'viewer' && role === 'admin') return 403
        return bodyFirst ? 422 : 404
      },
    },
    ...(body && { body }),
    ...(id && { params: target => ({ id: id(target), workspace_id: target.workspace }) }),
    ...(spoils && { spoils }),
    ...(generation === 'in path' && { brief: true }),
    answers,
  }
}

const subscriber = ({ audience }: Target) => audience.subscriber
const tag = ({ audience }: Target) => audience.tag
const template = ({ audience }: Target) => audience.template
const campaign = ({ audience }: Target) => audience.campaign
const service = ({ audience }: Target) => audience.emailService
const message = ({ audience }: Target) => audience.delivery

const email = (target: Target) => ({ email: `put-${subscriber(target)}-${target.workspace}@example.com` })
const written = (target: Target) => ({
  name: `c ${campaign(target)}`,
  subject: 's',
  content: 'x',
  from_name: 'n',
  from_email: 'n@example.com',
  email_service_id: service(target),
  send_to_all: true,
  scheduled_at: '2026-12-24',
})

function put(path: string, given: Row): Record<string, Row> {
  return { [`PUT ${path}`]: given, [`PATCH ${path}`]: given }
}

function tagRows(at: Generation, prefix: string, many: 'tags' | 'segments'): Record<string, Row> {
  const see = (about?: Partial<About>) => row(at, 'viewer', about)
  const change = (about: Partial<About>) => row(at, 'admin', about)
  const given = {
    id: subscriber,
    body: (target: Target) => ({ [many]: [tag(target)] }),
    bodyFirst: true,
  } as const
  const giving = {
    id: tag,
    body: (target: Target) => ({ subscribers: [subscriber(target)] }),
    bodyFirst: true,
  } as const
  const named = (target: Target) => ({ name: `${many} ${tag(target)} ${target.workspace}` })
  return {
    [`GET ${prefix}/subscribers/{id}/${many}`]: see({ id: subscriber }),
    [`GET ${prefix}/${many}`]: see(),
    [`POST ${prefix}/${many}`]: change({ body: () => ({ name: 'again' }), answers: [201, 422] }),
    [`GET ${prefix}/${many}/{id}`]: see({ id: tag }),
    ...put(`${prefix}/${many}/{id}`, change({ id: tag, body: named })),
    [`DELETE ${prefix}/${many}/{id}`]: change({ id: tag, answers: [204], spoils: true }),
    [`GET ${prefix}/${many}/{id}/subscribers`]: see({ id: tag }),
    ...Object.fromEntries(
      ['POST', 'PUT', 'DELETE'].flatMap(method => [
        [`${method} ${prefix}/subscribers/{id}/${many}`, change(given)],
        [`${method} ${prefix}/${many}/{id}/subscribers`, change(giving)],
      ]),
    ),
  }
}

function generationRows(at: Generation, prefix: string): Record<string, Row> {
  const see = (about?: Partial<About>) => row(at, 'viewer', about)
  const change = (about: Partial<About>) => row(at, 'admin', about)
  return {
    [`GET ${prefix}/subscribers`]: see(),
    [`POST ${prefix}/subscribers`]: change({
      body: () => ({ email: 'new@example.com' }),
      answers: [200, 201],
    }),
    // No file; with one it is 202.
    [`POST ${prefix}/subscribers/import`]: change({ answers: [422] }),
    [`GET ${prefix}/subscribers/export`]: change({}),
    [`GET ${prefix}/subscribers/{id}`]: see({ id: subscriber }),
    ...put(`${prefix}/subscribers/{id}`, change({ id: subscriber, body: email })),
    [`DELETE ${prefix}/subscribers/{id}`]: change({ id: subscriber, answers: [204], spoils: true }),
    ...tagRows(at, prefix, 'tags'),
    [`GET ${prefix}/templates`]: see(),
    [`POST ${prefix}/templates`]: change({
      body: () => ({ name: 'again', content: 'x' }),
      answers: [201, 422],
    }),
    [`GET ${prefix}/templates/{id}`]: see({ id: template }),
    ...put(
      `${prefix}/templates/{id}`,
      change({
        id: template,
        body: target => ({ name: `t ${template(target)} ${target.workspace}`, content: 'x' }),
      }),
    ),
    [`DELETE ${prefix}/templates/{id}`]: change({ id: template, answers: [204], spoils: true }),
    [`GET ${prefix}/campaigns`]: see(),
    // Guests have no such email service where they ask.
    [`POST ${prefix}/campaigns`]: change({ body: written, answers: [201, 422] }),
    [`GET ${prefix}/campaigns/{id}`]: see({ id: campaign }),
    ...put(`${prefix}/campaigns/{id}`, change({ id: campaign, body: written })),
    // Far in the future.
    [`POST ${prefix}/campaigns/{id}/send`]: change({ id: campaign, spoils: true }),
    ...Object.fromEntries(
      ['cancel', 'pause', 'resume', 'retry-failed', 'test'].map(act => [
        `POST ${prefix}/campaigns/{id}/${act}`,
        change({ id: campaign, answers: [422] }),
      ]),
    ),
    [`GET ${prefix}/campaigns/{id}/report`]: see({ id: campaign }),
    [`GET ${prefix}/campaigns/{id}/messages`]: see({ id: campaign }),
    [`POST ${prefix}/campaigns/{id}/messages/{message_id}/resolve`]: {
      ...change({ id: campaign, body: () => ({ as: 'sent' }), answers: [422] }),
      params: target => ({
        id: campaign(target),
        message_id: message(target),
        workspace_id: target.workspace,
      }),
    },
    [`GET ${prefix}/messages`]: see(),
    [`POST ${prefix}/messages/send`]: change({ body: () => ({}), answers: [422] }),
    [`GET ${prefix}/messages/{id}`]: see({ id: message }),
    // It has failed.
    [`POST ${prefix}/messages/{id}/send`]: change({ id: message, answers: [422] }),
    [`DELETE ${prefix}/messages/{id}`]: change({ id: message, answers: [422] }),
    [`POST ${prefix}/transactional`]: change({ body: () => ({}), answers: [422] }),
    [`POST ${prefix}/campaigns/{id}/duplicate`]: change({ id: campaign, answers: [201] }),
    [`DELETE ${prefix}/campaigns/{id}`]: change({ id: campaign, answers: [204], spoils: true }),
    [`GET ${prefix}/email-services`]: see(),
    [`POST ${prefix}/email-services`]: change({
      body: () => ({ name: 'x', type_id: 9 }),
      answers: [201],
    }),
    [`GET ${prefix}/email-services/{id}`]: see({ id: service }),
    ...put(`${prefix}/email-services/{id}`, change({ id: service, body: () => ({ name: 'renamed' }) })),
    [`POST ${prefix}/email-services/{id}/test`]: change({ id: service, answers: [422] }),
    // The campaign uses it.
    [`DELETE ${prefix}/email-services/{id}`]: change({ id: service, answers: [204, 422] }),
  }
}

const AT = '/api/v1/workspaces/{workspace_id}'

const inWorkspace = (role: 'owner' | 'admin', more: Partial<Row>): Row => ({
  usersOnly: true,
  needs: {
    level: 'workspace',
    role,
    also: (caller, target) => (isTheirs(caller, target) ? undefined : 403),
  },
  ...more,
})

/** Whoever posts there is believed or not by what the post is signed with, or by the address. */
const OF_PROVIDERS: Record<string, Row> = Object.fromEntries(
  ['aws', 'mailgun', 'postmark', 'sendgrid', 'mailjet', 'postal'].flatMap(provider => [
    [`POST /api/v1/webhooks/${provider}`, { needs: 'open', body: {} }],
    [`POST /api/v1/webhooks/${provider}/{service_token}`, { needs: 'open', body: {}, answers: [404] }],
  ]),
)

export const SENDPORTAL: Record<string, Row> = {
  'GET /api/v1/ping': { needs: 'open' },
  ...OF_PROVIDERS,
  'GET /api/v1/workspaces': { needs: 'person' },
  'POST /api/v1/workspaces': { needs: 'user', body: {}, answers: [422] },
  ...put(AT, inWorkspace('owner', { body: { name: '' }, answers: [422] })),
  [`GET ${AT}/api-tokens`]: inWorkspace('admin', {}),
  [`POST ${AT}/api-tokens`]: inWorkspace('admin', { body: {}, answers: [201] }),
  [`DELETE ${AT}/api-tokens/{id}`]: {
    ...inWorkspace('admin', {}),
    params: () => ({ id: 999_999 }),
    answers: [404],
  },
  ...generationRows('of caller', '/api/v1'),
  ...generationRows('in path', AT),
  ...tagRows('in path', AT, 'segments'),
}
