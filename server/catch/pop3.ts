import type { Secrets } from '../accounts/secrets.ts'
import type { Door } from '../mail/pop3/door.ts'
import type { Storage } from '../storage/database.ts'
import { inboxByUsername } from './inboxes.ts'
import { maildropOf } from './messages.ts'
import { rawMessage } from './raw.ts'
import { deleteMessages } from './removal.ts'

/**
 * The sandbox behind the POP3 door; a login is the id of its inbox. RFC 1939 section 4 wants a maildrop locked while
 * somebody reads it. Here a tester, a colleague and the CI read the same inbox, and the web app shows it as well: all
 * may at once, and a message that another has deleted is simply gone.
 * @param changed called when messages were deleted
 */
export function createPop3Door(storage: Storage, secrets: Secrets, changed: () => void): Door<number> {
  return {
    async login(username) {
      const inbox = await inboxByUsername(storage.read, username)
      if (inbox === undefined || inbox.status !== 'active') return undefined
      return { password: secrets.open(inbox.password), login: inbox.id }
    },

    list: inboxId => maildropOf(storage.read, inboxId),

    message: (_inboxId, id) => rawMessage(storage.read, id),

    async remove(inboxId, ids) {
      await deleteMessages(storage.write, inboxId, ids)
      changed()
    },
  }
}
