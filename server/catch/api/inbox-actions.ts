import type { Act } from '../../accounts/permissions.ts'
import { changeInbox, findInbox, type Inbox, resetCredentials, resetEmailUsername } from '../inboxes.ts'
import { markMessages } from '../messages.ts'
import { cleanInbox } from '../removal.ts'
import type { Sandbox } from './sandbox.ts'

/** A change of an inbox that takes no parameters. */
interface InboxAction {
  /** The last segment of its path. */
  name: string
  act: Act
  summary: string
  /** @returns the inbox as it is then; undefined: it was deleted meanwhile */
  perform(sandbox: Sandbox, inbox: Inbox): Promise<Inbox | undefined>
}

export const INBOX_ACTIONS: InboxAction[] = [
  {
    name: 'clean',
    act: 'change_messages',
    summary: 'Delete all messages of an inbox',
    async perform({ storage }, { id }) {
      await cleanInbox(storage.write, id)
      return findInbox(storage.read, id)
    },
  },
  {
    name: 'all_read',
    act: 'mark_read',
    summary: 'Mark all messages of an inbox as read',
    async perform({ storage }, { id }) {
      await markMessages(storage.write, id, 'all', true)
      return findInbox(storage.read, id)
    },
  },
  {
    name: 'reset_credentials',
    act: 'manage_inbox',
    summary: 'New username and password',
    perform: ({ storage, secrets }, { id }) => resetCredentials(storage.write, secrets, id),
  },
  {
    name: 'reset_email_username',
    act: 'manage_inbox',
    summary: 'A new address',
    perform: ({ storage }, { id }) => resetEmailUsername(storage.write, id),
  },
  {
    name: 'toggle_email_username',
    act: 'manage_inbox',
    summary: 'Switch the address on or off',
    perform: ({ storage }, inbox) =>
      changeInbox(storage.write, inbox.id, {
        email_username_enabled: inbox.email_username_enabled === 1 ? 0 : 1,
      }),
  },
]
