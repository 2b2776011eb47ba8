import type { Role } from '../../server/accounts/permissions.ts'
import type { AudienceTarget } from './audience-target.ts'
import { SENDPORTAL } from './sendportal-rows.ts'
import type { CallerName, Level, Target, TargetName } from './world.ts'

/**
 * What a route asks of whoever calls it.
 * `open`: of nobody anything; `person`: to be somebody; `user`: somebody who is no workspace token; `theirs`: that it
 * is their own, nobody else's; an object: that role, or a stronger one, on the thing that the path names.
 */
export interface Row {
  needs:
    | 'open'
    | 'person'
    | 'user'
    | 'theirs'
    | {
        level: Level
        role: Role
        /** Rules of its own. */
        also?: (caller: CallerName, target: TargetName) => 'through' | number | undefined
      }
  /** Is for people: whatever it names, a workspace token may not. */
  usersOnly?: true
  /** Default: none. A function says what it is about the thing that the path names. */
  body?: unknown
  /** What the others of the path's parameters stand for; `id` and the usual ones are known. */
  params?: (target: Target) => Record<string, string | number>
  /** The same code is asked whole on another path: here by one of each sort, about one of each sort. */
  brief?: true
  /** Whoever may, uses the thing up: the next one gets a new one. */
  spoils?: true
  /** Whoever may, has no token afterwards. */
  endsToken?: true
  /** What those who may are answered; default 200. */
  answers?: number[]
}

const see = (level: Level, row: Omit<Row, 'needs'> = {}): Row => ({
  needs: { level, role: 'viewer' },
  ...row,
})
const change = (level: Level, row: Omit<Row, 'needs'> = {}): Row => ({
  needs: { level, role: 'admin' },
  ...row,
})

/** Whoever made the project, which is the owner here, may delete it, and nobody else. */
const own: Row = { needs: { level: 'project', role: 'owner' }, spoils: true }

const isGuest = (caller: CallerName) => /^(project|inbox) /.test(caller)

/** Of somebody who was given the project or the inbox; elsewhere nobody was. */
const member = (level: 'project' | 'inbox', listed = (id: number) => id) => ({
  params: (target: Target) => ({
    member_id: listed(level === 'project' ? target.projectMember : target.inboxMember),
  }),
  answers: [200, 404],
})
/** Who reaches the thing learns first whether there is such a membership. */
const absentFirst = (caller: CallerName, target: TargetName) =>
  caller === 'viewer' && target === 'own' ? 404 : undefined
/** Whose membership it is may leave. */
const remove = (level: 'project' | 'inbox', row: Pick<Row, 'params' | 'answers'>): Row => ({
  ...row,
  needs: {
    level,
    role: 'admin',
    also: (caller, target) =>
      caller === `${level} viewer` && target === 'shared' ? 'through' : absentFirst(caller, target),
  },
  spoils: true,
})
/** In this list ids of projects' people are even, those of the workspace odd. */
const SHARED_USER = member('project', id => id * 2)
const usersOnly = { usersOnly: true } as const

const CONTENTS = [
  'body.txt',
  'body.html',
  'body.htmlsource',
  'body.raw',
  'body.eml',
  'mail_headers',
  'spam_report',
  'analyze',
  'attachments',
  'attachments/{attachment_id}',
  'attachments/{attachment_id}/download',
]

/** What both versions of Mailtrap's API have of an inbox and what is in it. */
function inboxRows(inboxes: string, wrapper: string): Record<string, Row> {
  const one = `${inboxes}/{id}`
  return {
    [`GET ${one}`]: see('inbox'),
    [`PATCH ${one}`]: change('inbox', { body: { [wrapper]: { name: 'renamed' } } }),
    [`DELETE ${one}`]: change('inbox', { spoils: true }),
    [`PATCH ${one}/clean`]: change('inbox', { spoils: true }),
    ...Object.fromEntries(
      ['all_read', 'reset_credentials', 'reset_email_username', 'toggle_email_username'].map(action => [
        `PATCH ${one}/${action}`,
        change('inbox'),
      ]),
    ),
    [`GET ${one}/messages`]: see('inbox'),
    [`GET ${one}/messages/{message_id}`]: see('inbox'),
    [`PATCH ${one}/messages/{message_id}`]: change('inbox', { body: { message: { is_read: true } } }),
    [`DELETE ${one}/messages/{message_id}`]: change('inbox', { spoils: true }),
    // There is no relay here.
    [`POST ${one}/messages/{message_id}/forward`]: change('inbox', {
      body: { email: 'dev@example.com' },
      answers: [422],
    }),
    ...Object.fromEntries(CONTENTS.map(part => [`GET ${one}/messages/{message_id}/${part}`, see('inbox')])),
  }
}

const V1: Record<string, Row> = {
  'GET /api/v1/user': { needs: 'person' },
  'GET /api/v1/companies': { needs: 'person' },
  'POST /api/v1/companies': {
    needs: { level: 'workspace', role: 'admin' },
    body: { company: { name: 'another' } },
  },
  'GET /api/v1/companies/{id}': see('project'),
  'PATCH /api/v1/companies/{id}': change('project', { body: { company: { name: 'of-the-first' } } }),
  'DELETE /api/v1/companies/{id}': own,
  'POST /api/v1/companies/{id}/inboxes': change('project', { body: { inbox: { name: 'another' } } }),
  'GET /api/v1/inboxes': { needs: 'person' },
  ...inboxRows('/api/v1/inboxes', 'inbox'),
  'GET /api/v1/inboxes/{id}/forward_rules': see('inbox'),
  'POST /api/v1/inboxes/{id}/forward_rules': change('inbox', {
    body: { forward_rule: { forward_type: 'email', forward_value: 'other@example.com' } },
    // The second one is a duplicate.
    answers: [200, 422],
  }),
  'GET /api/v1/inboxes/{id}/forward_rules/{rule_id}': {
    ...see('inbox'),
    params: target => ({ rule_id: target.rule }),
  },
  'PATCH /api/v1/inboxes/{id}/forward_rules/{rule_id}': change('inbox', {
    body: { forward_rule: {} },
    params: target => ({ rule_id: target.rule }),
  }),
  'DELETE /api/v1/inboxes/{id}/forward_rules/{rule_id}': change('inbox', {
    params: target => ({ rule_id: target.rule }),
    spoils: true,
  }),
  'GET /api/v1/shared_inboxes': { needs: 'person' },
  // To others it is no shared inbox.
  'DELETE /api/v1/shared_inboxes/{id}': {
    needs: 'person',
    answers: [200, 404],
    spoils: true,
  },
  'GET /api/v1/companies/{id}/shared_users': see('project'),
  'POST /api/v1/companies/{id}/shared_users': change('project', {
    body: { shared_user: { email: 'nobody-has-this@example.com', role: 'viewer' } },
    answers: [422],
  }),
  'GET /api/v1/companies/{id}/shared_users/{member_id}': see('project', SHARED_USER),
  'DELETE /api/v1/companies/{id}/shared_users/{member_id}': remove('project', SHARED_USER),
  'GET /api/v1/inboxes/{id}/inboxes_users': see('inbox'),
  'POST /api/v1/inboxes/{id}/inboxes_users': change('inbox', {
    body: { inbox_user: { email: 'nobody-has-this@example.com', role: 'viewer' } },
    answers: [422],
  }),
  'GET /api/v1/inboxes/{id}/inboxes_users/{member_id}': see('inbox', member('inbox')),
  'DELETE /api/v1/inboxes/{id}/inboxes_users/{member_id}': remove('inbox', member('inbox')),
  'PATCH /api/v1/user': { needs: 'person', body: { user: {} } },
  'PATCH /api/v1/user/reset_api_token': { needs: 'person', endsToken: true },
  'GET /api/v1/cors_domains': { needs: 'person' },
  'POST /api/v1/cors_domains': { needs: 'person', body: { cors_domain: { domain: '' } }, answers: [422] },
  'GET /api/v1/cors_domains/{id}': { needs: 'theirs', params: target => ({ id: target.corsDomain }) },
  'PATCH /api/v1/cors_domains/{id}': {
    needs: 'theirs',
    params: target => ({ id: target.corsDomain }),
    body: { cors_domain: {} },
  },
  'DELETE /api/v1/cors_domains/{id}': {
    needs: 'theirs',
    params: target => ({ id: target.corsDomain }),
    spoils: true,
  },
}

/** Guests see of an account what they were given. */
const seeAccount: Row = {
  needs: {
    level: 'workspace',
    role: 'viewer',
    also: (caller, target) => (isGuest(caller) && /shared|own/.test(target) ? 'through' : undefined),
  },
}
const MAIL = { from: { email: 'a@example.com' }, to: [{ email: 'b@example.com' }], subject: 's', text: 't' }

/** V2, in the form that names the account and in the one that takes it from the token. */
function accountRows(account: string, inboxes: string, wrapper: string): Record<string, Row> {
  const access = { params: () => ({ account_access_id: 999_999 }), answers: [404] }
  return {
    [`GET ${account}/projects`]: seeAccount,
    [`POST ${account}/projects`]: change('workspace', { body: { project: { name: 'another' } } }),
    [`GET ${account}/projects/{id}`]: see('project'),
    [`PATCH ${account}/projects/{id}`]: change('project', { body: { project: { name: 'of-the-first' } } }),
    [`DELETE ${account}/projects/{id}`]: own,
    [`POST ${account}/projects/{id}/${inboxes}`]: change('project', {
      body: { [wrapper]: { name: 'another' } },
    }),
    [`GET ${account}/${inboxes}`]: seeAccount,
    ...inboxRows(`${account}/${inboxes}`, wrapper),
    [`GET ${account}/account_accesses`]: change('workspace'),
    [`DELETE ${account}/account_accesses/{account_access_id}`]: change('workspace', access),
    [`PUT ${account}/account_accesses/{account_access_id}/permissions/bulk`]: change('workspace', {
      ...access,
      body: { permissions: [] },
    }),
    [`GET ${account}/permissions/resources`]: seeAccount,
  }
}

const V2: Record<string, Row> = {
  'GET /api/accounts': { needs: 'person' },
  ...accountRows('/api/accounts/{account_id}', 'inboxes', 'inbox'),
  ...accountRows('/api', 'sandboxes', 'sandbox'),
  'POST /api/send/{id}': change('inbox', { body: MAIL }),
  'POST /api/batch/{id}': change('inbox', { body: { requests: [MAIL] } }),
}

/** Whoever reaches the workspace learns first that there is no such member. */
const noSuchMember: Row = {
  ...see('workspace', usersOnly),
  body: { role: 'viewer' },
  params: () => ({ member_id: 999_999 }),
  answers: [404],
}

/** Of the workspace the caller works in: nobody else's is there. */
const ofAudience = (
  kind: keyof AudienceTarget,
  more: (target: AudienceTarget) => Record<string, number> = () => ({}),
) => ({
  params: ({ audience }: Target) => ({ id: audience[kind], ...more(audience) }),
})
const EVERYBODY = { match: 'all', conditions: [] }

/** What the web app and programs of our own ask about the audience. */
const AUDIENCE: Record<string, Row> = {
  'GET /api/posthorn/audience': see('workspace'),
  'PATCH /api/posthorn/audience': change('workspace', { body: {} }),
  'GET /api/posthorn/subscribers': see('workspace'),
  'POST /api/posthorn/subscribers': change('workspace', { body: {}, answers: [422] }),
  'POST /api/posthorn/subscribers/count': see('workspace', { body: { selection: {} } }),
  'POST /api/posthorn/subscribers/bulk': change('workspace', {
    body: { action: 'unsubscribe', selection: { ids: [] } },
  }),
  'GET /api/posthorn/subscribers/export': change('workspace'),
  'GET /api/posthorn/subscribers/{id}': see('workspace', ofAudience('subscriber')),
  'PATCH /api/posthorn/subscribers/{id}': change('workspace', { ...ofAudience('subscriber'), body: {} }),
  'DELETE /api/posthorn/subscribers/{id}': change('workspace', {
    ...ofAudience('subscriber'),
    spoils: true,
  }),
  'GET /api/posthorn/subscribers/{id}/timeline': see('workspace', ofAudience('subscriber')),
  'POST /api/posthorn/subscribers/{id}/notes': change('workspace', {
    ...ofAudience('subscriber'),
    body: { text: 'called' },
  }),
  'DELETE /api/posthorn/subscribers/{id}/notes/{event_id}': change('workspace', {
    ...ofAudience('subscriber', ({ note }) => ({ event_id: note })),
    spoils: true,
  }),
  'GET /api/posthorn/audience/jobs/{id}': see('workspace', ofAudience('job')),
  'POST /api/posthorn/audience/jobs/{id}/cancel': change('workspace', { ...ofAudience('job'), body: {} }),
  'GET /api/posthorn/tags': see('workspace'),
  'POST /api/posthorn/tags': change('workspace', { body: {}, answers: [422] }),
  'PATCH /api/posthorn/tags/{id}': change('workspace', { ...ofAudience('tag'), body: {}, answers: [422] }),
  'DELETE /api/posthorn/tags/{id}': change('workspace', { ...ofAudience('tag'), spoils: true }),
  'GET /api/posthorn/fields': see('workspace'),
  'POST /api/posthorn/fields': change('workspace', { body: {}, answers: [422] }),
  'PATCH /api/posthorn/fields/{id}': change('workspace', { ...ofAudience('field'), body: {} }),
  'DELETE /api/posthorn/fields/{id}': change('workspace', { ...ofAudience('field'), spoils: true }),
  'GET /api/posthorn/suppressions': see('workspace'),
  'POST /api/posthorn/suppressions': change('workspace', { body: {}, answers: [422] }),
  'POST /api/posthorn/suppressions/import': change('workspace', { body: { text: '' } }),
  'GET /api/posthorn/suppressions/export': change('workspace'),
  'DELETE /api/posthorn/suppressions/{id}': change('workspace', {
    ...ofAudience('suppression'),
    spoils: true,
  }),
  'GET /api/posthorn/forms': see('workspace'),
  'POST /api/posthorn/forms': change('workspace', { body: {}, answers: [422] }),
  'POST /api/posthorn/forms/preview': change('workspace', { body: {} }),
  'GET /api/posthorn/forms/{id}': see('workspace', ofAudience('form')),
  'PATCH /api/posthorn/forms/{id}': change('workspace', { ...ofAudience('form'), body: {} }),
  'DELETE /api/posthorn/forms/{id}': change('workspace', { ...ofAudience('form'), spoils: true }),
  'GET /api/posthorn/email-services': see('workspace'),
  'POST /api/posthorn/email-services': change('workspace', { body: {}, answers: [422] }),
  'PATCH /api/posthorn/email-services/{id}': change('workspace', { ...ofAudience('emailService'), body: {} }),
  // The campaign uses it.
  'DELETE /api/posthorn/email-services/{id}': change('workspace', {
    ...ofAudience('emailService'),
    answers: [200, 422],
  }),
  'POST /api/posthorn/email-services/{id}/test': change('workspace', {
    ...ofAudience('emailService'),
    body: {},
    answers: [422],
  }),
  'GET /api/posthorn/campaigns': see('workspace'),
  'POST /api/posthorn/campaigns': change('workspace', { body: {}, answers: [422] }),
  'POST /api/posthorn/campaigns/recipients': see('workspace', { body: {} }),
  ...Object.fromEntries(
    ['', '/preview', '/recipients', '/progress', '/attachments'].map(part => [
      `GET /api/posthorn/campaigns/{id}${part}`,
      see('workspace', ofAudience('campaign')),
    ]),
  ),
  'GET /api/posthorn/campaigns/{id}/person': see('workspace', { ...ofAudience('campaign'), answers: [422] }),
  'PATCH /api/posthorn/campaigns/{id}': change('workspace', { ...ofAudience('campaign'), body: {} }),
  'DELETE /api/posthorn/campaigns/{id}': change('workspace', { ...ofAudience('campaign'), spoils: true }),
  'POST /api/posthorn/campaigns/{id}/duplicate': change('workspace', ofAudience('campaign')),
  'POST /api/posthorn/campaigns/{id}/test': change('workspace', {
    ...ofAudience('campaign'),
    body: {},
    answers: [422],
  }),
  // Far in the future.
  'POST /api/posthorn/campaigns/{id}/send': change('workspace', { ...ofAudience('campaign'), spoils: true }),
  ...Object.fromEntries(
    ['undo', 'pause', 'resume', 'cancel', 'retry-failed', 'send-to-later'].map(act => [
      `POST /api/posthorn/campaigns/{id}/${act}`,
      change('workspace', { ...ofAudience('campaign'), answers: [409, 422] }),
    ]),
  ),
  // Of twenty files the next is refused.
  'POST /api/posthorn/campaigns/{id}/attachments': change('workspace', {
    ...ofAudience('campaign'),
    body: {},
    answers: [200, 422],
  }),
  'GET /api/posthorn/campaigns/{id}/attachments/{attachment_id}': see('workspace', {
    ...ofAudience('campaign', () => ({ attachment_id: 999_999 })),
    answers: [404],
  }),
  'DELETE /api/posthorn/campaigns/{id}/attachments/{attachment_id}': change('workspace', {
    ...ofAudience('campaign', () => ({ attachment_id: 999_999 })),
    answers: [404],
  }),
  'GET /api/posthorn/deliveries': see('workspace'),
  'POST /api/posthorn/deliveries/send': change('workspace', { body: {}, answers: [422] }),
  'POST /api/posthorn/deliveries/delete': change('workspace', { body: {}, answers: [422] }),
  'GET /api/posthorn/deliveries/{id}': see('workspace', ofAudience('delivery')),
  'GET /api/posthorn/deliveries/{id}/preview': see('workspace', ofAudience('delivery')),
  'POST /api/posthorn/deliveries/{id}/resolve': change('workspace', {
    ...ofAudience('delivery'),
    body: { as: 'sent' },
    answers: [409],
  }),
  'GET /api/posthorn/templates': see('workspace'),
  'POST /api/posthorn/templates': change('workspace', { body: {}, answers: [422] }),
  'POST /api/posthorn/templates/render': see('workspace', { body: {}, answers: [422] }),
  'GET /api/posthorn/templates/{id}': see('workspace', ofAudience('template')),
  'PATCH /api/posthorn/templates/{id}': change('workspace', { ...ofAudience('template'), body: {} }),
  'DELETE /api/posthorn/templates/{id}': change('workspace', { ...ofAudience('template'), spoils: true }),
  'POST /api/posthorn/templates/{id}/duplicate': change('workspace', { ...ofAudience('template'), body: {} }),
  'POST /api/posthorn/templates/{id}/test': change('workspace', {
    ...ofAudience('template'),
    body: {},
    answers: [422],
  }),
  'GET /api/posthorn/templates/{id}/versions': see('workspace', ofAudience('template')),
  'GET /api/posthorn/templates/{id}/versions/{number}': see(
    'workspace',
    ofAudience('template', () => ({ number: 1 })),
  ),
  'POST /api/posthorn/templates/{id}/versions/{number}/restore': change('workspace', {
    ...ofAudience('template', () => ({ number: 1 })),
    body: {},
  }),
  'GET /api/posthorn/media': see('workspace'),
  'POST /api/posthorn/media': change('workspace', { body: {}, answers: [400] }),
  'PATCH /api/posthorn/media/{id}': change('workspace', { ...ofAudience('media'), body: {} }),
  'DELETE /api/posthorn/media/{id}': change('workspace', { ...ofAudience('media'), spoils: true }),
  'POST /api/posthorn/imports': change('workspace', { body: {}, answers: [400] }),
  'GET /api/posthorn/imports': see('workspace'),
  'GET /api/posthorn/imports/{id}': see('workspace', ofAudience('import')),
  'DELETE /api/posthorn/imports/{id}': change('workspace', { ...ofAudience('import'), spoils: true }),
  // The file of these is nowhere, and they have ended.
  'GET /api/posthorn/imports/{id}/preview': change('workspace', { ...ofAudience('import'), answers: [409] }),
  'POST /api/posthorn/imports/{id}/start': change('workspace', {
    ...ofAudience('import'),
    body: {},
    answers: [409],
  }),
  'POST /api/posthorn/imports/{id}/pause': change('workspace', { ...ofAudience('import'), answers: [409] }),
  'POST /api/posthorn/imports/{id}/resume': change('workspace', { ...ofAudience('import'), answers: [409] }),
  'POST /api/posthorn/imports/{id}/cancel': change('workspace', { ...ofAudience('import'), answers: [409] }),
  'GET /api/posthorn/imports/{id}/faults': see('workspace', ofAudience('import')),
  'GET /api/posthorn/imports/{id}/faults.csv': see('workspace', ofAudience('import')),
  'GET /api/posthorn/dashboard': see('workspace'),
  'GET /api/posthorn/campaigns/{id}/report': see('workspace', ofAudience('campaign')),
  'GET /api/posthorn/campaigns/{id}/report/over-time': see('workspace', ofAudience('campaign')),
  'GET /api/posthorn/campaigns/{id}/click-map': see('workspace', ofAudience('campaign')),
  // A list of people.
  'GET /api/posthorn/campaigns/{id}/report.csv': change('workspace', ofAudience('campaign')),
  'GET /api/posthorn/sending-settings': see('workspace'),
  'PATCH /api/posthorn/sending-settings': change('workspace', { body: {} }),
  'GET /api/posthorn/sending-domains': see('workspace'),
  'POST /api/posthorn/sending-domains': change('workspace', { body: {}, answers: [422] }),
  'POST /api/posthorn/sending-domains/{id}/check': change('workspace', ofAudience('sendingDomain')),
  'DELETE /api/posthorn/sending-domains/{id}': change('workspace', {
    ...ofAudience('sendingDomain'),
    spoils: true,
  }),
  'GET /api/posthorn/segments': see('workspace'),
  'POST /api/posthorn/segments': change('workspace', { body: {}, answers: [422] }),
  'GET /api/posthorn/segments/{id}': see('workspace', ofAudience('segment')),
  'PATCH /api/posthorn/segments/{id}': change('workspace', { ...ofAudience('segment'), body: {} }),
  'DELETE /api/posthorn/segments/{id}': change('workspace', { ...ofAudience('segment'), spoils: true }),
  'POST /api/posthorn/segments/count': see('workspace', { body: { definition: EVERYBODY } }),
  'POST /api/posthorn/segments/preview': see('workspace', { body: { definition: EVERYBODY } }),
}

const OURS: Record<string, Row> = {
  ...AUDIENCE,
  'GET /api/posthorn/session': { needs: 'open' },
  'POST /api/posthorn/session': { needs: 'open', body: {}, answers: [422] },
  'DELETE /api/posthorn/session': { needs: 'person' },
  'POST /api/posthorn/setup': { needs: 'person', answers: [403, 422] },
  'PATCH /api/posthorn/account': { needs: 'user', body: {} },
  'GET /api/posthorn/tokens': { needs: 'user' },
  'POST /api/posthorn/tokens': { needs: 'user', body: {}, answers: [422] },
  'DELETE /api/posthorn/tokens/{id}': { needs: 'user', params: () => ({ id: 1 }), answers: [404] },
  // For browser sessions alone.
  'GET /api/posthorn/live': { needs: 'person', answers: [403] },
  'GET /api/posthorn/projects': { needs: 'person' },
  'GET /api/posthorn/inboxes/{id}/messages': see('inbox'),
  'POST /api/posthorn/inboxes/{id}/messages/bulk': change('inbox', { body: { all: true, action: 'read' } }),
  ...Object.fromEntries(
    [
      '',
      '/html',
      '/text',
      '/source',
      '/headers',
      '/raw',
      '/checks/spam',
      '/checks/html',
      '/checks/blacklists',
    ].map(part => [`GET /api/posthorn/inboxes/{id}/messages/{message_id}${part}`, see('inbox')]),
  ),
  'POST /api/posthorn/account/confirm_email': {
    needs: 'open',
    body: { token: 'x' },
    answers: [404, 422, 429],
  },
  // Nobody signs up there, and nothing can be mailed.
  'POST /api/posthorn/register': { needs: 'open', body: {}, answers: [404] },
  'POST /api/posthorn/account/verify_email': { needs: 'open', body: { token: 'x' }, answers: [404] },
  'POST /api/posthorn/account/verify_email/send': { needs: 'user' },
  'POST /api/posthorn/account/password_reset': { needs: 'open', body: {}, answers: [404] },
  'POST /api/posthorn/account/new_password': { needs: 'open', body: {}, answers: [404] },
  'DELETE /api/posthorn/account/pending_email': { needs: 'user' },
  'GET /api/posthorn/account/jwt': { needs: 'user' },
  'POST /api/posthorn/account/jwt/reset': { needs: 'user' },
  'POST /api/posthorn/account/api_token/reset': { needs: 'user', endsToken: true },
  'GET /api/posthorn/workspaces': { needs: 'user' },
  'POST /api/posthorn/workspaces': { needs: 'user', body: {}, answers: [422] },
  'PATCH /api/posthorn/workspaces/{id}': {
    needs: { level: 'workspace', role: 'owner' },
    usersOnly: true,
    body: { name: '' },
    answers: [422],
  },
  // Of one that nobody works in: the world needs the others.
  'DELETE /api/posthorn/workspaces/{id}': {
    needs: 'user',
    params: () => ({ id: 999_998 }),
    answers: [404],
  },
  'POST /api/posthorn/workspaces/{id}/current': {
    needs: { level: 'workspace', role: 'viewer' },
    usersOnly: true,
  },
  'GET /api/posthorn/workspaces/{id}/members': see('workspace', usersOnly),
  'PATCH /api/posthorn/workspaces/{id}/members/{member_id}': noSuchMember,
  'DELETE /api/posthorn/workspaces/{id}/members/{member_id}': noSuchMember,
  'GET /api/posthorn/invitations': { needs: 'user' },
  'POST /api/posthorn/invitations': { needs: 'user', body: {}, answers: [422] },
  'POST /api/posthorn/invitations/{id}/resend': change('workspace', {
    usersOnly: true,
    params: target => ({ id: target.invitation }),
  }),
  'DELETE /api/posthorn/invitations/{id}': change('workspace', {
    usersOnly: true,
    params: target => ({ id: target.invitation }),
    spoils: true,
  }),
  // The secret is the permission.
  'GET /api/posthorn/invitations/by_secret/{secret}': {
    needs: 'open',
    params: () => ({ secret: 'x' }),
    answers: [404, 429],
  },
  'POST /api/posthorn/invitations/by_secret/{secret}': {
    needs: 'open',
    params: () => ({ secret: 'x' }),
    body: {},
    answers: [404, 429],
  },
  'GET /api/posthorn/share/{id}/{ext_id}': {
    needs: 'open',
    params: target => ({ id: target.project, ext_id: 'x' }),
    answers: [404, 429],
  },
  'POST /api/posthorn/share/{id}/{ext_id}': {
    needs: 'user',
    params: target => ({ id: target.project, ext_id: 'x' }),
    answers: [404, 429],
  },
  'GET /api/posthorn/inboxes/{id}/settings': see('inbox'),
  'PATCH /api/posthorn/inboxes/{id}/settings': change('inbox', { body: {} }),
  ...Object.fromEntries(
    (['project', 'inbox'] as const).flatMap(level => {
      const people = `/api/posthorn/${level === 'project' ? 'projects' : 'inboxes'}/{id}/people`
      return [
        [`GET ${people}`, see(level)],
        [
          `PATCH ${people}/{member_id}`,
          {
            ...member(level),
            ...usersOnly,
            needs: { level, role: 'admin', also: absentFirst },
            body: { role: 'viewer' },
          },
        ],
        [`DELETE ${people}/{member_id}`, { ...remove(level, member(level)), ...usersOnly }],
      ]
    }),
  ),
  'POST /api/posthorn/projects/{id}/share_link': change('project', usersOnly),
  'GET /api/posthorn/inboxes/{id}/forwarding': see('inbox'),
  'GET /api/posthorn/inboxes/{id}/outgoing': see('inbox'),
  'POST /api/posthorn/inboxes/{id}/outgoing/{outgoing_id}/retry': change('inbox', {
    params: target => ({ outgoing_id: target.outgoing }),
    // Then it waits already.
    answers: [200, 409],
  }),
  'POST /api/posthorn/inboxes/{id}/forward_targets': change('inbox', {
    body: { kind: 'domain', value: 'example.com' },
  }),
  ...Object.fromEntries(
    ['POST {}/ask', 'POST {}/check', 'DELETE {}'].map(route => [
      route.replace('{}', '/api/posthorn/inboxes/{id}/forward_targets/{target_id}'),
      change('inbox', { params: () => ({ target_id: 0 }), answers: [404] }),
    ]),
  ),
  // The token is the permission.
  'GET /api/posthorn/confirmations/{token}': {
    needs: 'open',
    params: () => ({ token: 'x' }),
    answers: [404, 429],
  },
  'POST /api/posthorn/confirmations/{token}': {
    needs: 'open',
    params: () => ({ token: 'x' }),
    answers: [404, 429],
  },
  // The signature is the permission.
  'GET /api/posthorn/parts/{message_id}/{attachment_id}/{signature}': {
    needs: 'open',
    params: () => ({ signature: 'x' }),
    answers: [404],
  },
}

/** By method and path, as docs/api has them. */
export const ROWS: Record<string, Row> = { ...V1, ...V2, ...SENDPORTAL, ...OURS }
