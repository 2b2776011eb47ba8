/**
 * The two forms of V2's paths: the one with the account in it, which the official SDK calls, and that of 2026, which
 * takes the account from the token and says sandbox for inbox (contract, section 13).
 */
export interface Form {
  /** Of every path, after `/api`. */
  prefix: string
  account: 'in path' | 'current'
  /** What an inbox is called, as a wrapper and in keys. */
  inbox: 'inbox' | 'sandbox'
  inboxes: 'inboxes' | 'sandboxes'
}

const WITH_ACCOUNT: Form = {
  prefix: '/accounts/:account_id',
  account: 'in path',
  inbox: 'inbox',
  inboxes: 'inboxes',
}
const OF_2026: Form = { prefix: '', account: 'current', inbox: 'sandbox', inboxes: 'sandboxes' }

export const FORMS = [WITH_ACCOUNT, OF_2026]

const KEYS = new Map([
  ['inbox_id', 'sandbox_id'],
  ['inboxes', 'sandboxes'],
])

/** The shapes of wire.ts are those of the older form; in the other one some keys have other names. */
export function inForm(form: Form, value: object): object {
  if (form.inbox === 'inbox') return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [KEYS.get(key) ?? key, each]))
}

/** What the published description calls the shape of this name. */
export function schemaOf(form: Form, name: 'Project' | 'Message'): string {
  return form.inbox === 'inbox' ? name : `Sandbox${name}`
}
