import { Problem } from '../../problem.ts'
import { StorageFault } from '../../storage/faults.ts'
import { changeInbox, type Inbox, type InboxChanges, withAlias } from '../inboxes.ts'
import { textOf } from '../../http/rails-body.ts'
import { nameFaults } from './parameters.ts'
import type { Sandbox } from './sandbox.ts'

/** What is wrong, by field. */
export type Faults = Record<string, string[]>

/** Name and alias, which both ways to change an inbox know. Empty or left out they change nothing. */
export function nameAndAlias(inbox: Inbox, wanted: Record<string, unknown>, faults: Faults): InboxChanges {
  const changes: InboxChanges = {}
  if (wanted.name !== undefined) {
    changes.name = textOf(wanted.name)
    const found = nameFaults(changes.name, 1)
    if (found.length > 0) faults.name = found
  }
  // Some clients always send this key.
  const alias = textOf(wanted.email_username)
  if (alias !== '')
    try {
      changes.email_username = withAlias(inbox, alias)
    } catch (problem) {
      if (!(problem instanceof Problem) || problem.fields === undefined) throw problem
      Object.assign(faults, problem.fields)
    }
  return changes
}

/**
 * Makes the changes that are any; the inbox sent back whole changes nothing.
 * @throws Problem `invalid`: if anything is wrong, nothing is changed
 */
export async function saveInbox<I extends Inbox>(
  { storage, changed }: Pick<Sandbox, 'storage' | 'changed'>,
  inbox: I,
  changes: InboxChanges,
  faults: Faults,
): Promise<I> {
  if (Object.keys(faults).length > 0) throw new Problem('invalid', '', { fields: faults })
  const real = Object.entries(changes).filter(([name, value]) => inbox[name as keyof InboxChanges] !== value)
  if (real.length === 0) return inbox
  const now = await changeInbox(storage.write, inbox.id, Object.fromEntries(real)).catch((error: unknown) => {
    if (!(error instanceof StorageFault) || error.kind !== 'duplicate') throw error
    throw new Problem('invalid', '', { fields: { email_username: ['has already been taken'] } })
  })
  changed()
  return { ...inbox, ...now }
}
