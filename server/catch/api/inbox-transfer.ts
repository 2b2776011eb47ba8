import type { Caller } from '../../accounts/caller.ts'
import { may } from '../../accounts/permissions.ts'
import { Problem } from '../../problem.ts'
import { projectInReach, type ReachedInbox, reachOf } from '../access.ts'
import type { InboxChanges } from '../inboxes.ts'
import type { Faults } from './inbox-changes.ts'
import type { Sandbox } from './sandbox.ts'

/**
 * Moving an inbox to another project of its workspace (contract, section 10.3): whoever does it must be allowed to
 * make inboxes in both.
 * @throws Problem `forbidden`
 */
export async function transfer(
  { storage }: Pick<Sandbox, 'storage'>,
  caller: Caller,
  inbox: ReachedInbox,
  wanted: unknown,
  faults: Faults,
): Promise<InboxChanges> {
  if (wanted === undefined || wanted === null || wanted === '') return {}
  const id = typeof wanted === 'string' && /^\d{1,15}$/.test(wanted) ? Number(wanted) : wanted
  if (id === inbox.project_id) return {}
  const project =
    typeof id === 'number' && Number.isSafeInteger(id)
      ? await projectInReach(storage.read, reachOf(caller), id)
      : undefined
  if (project === undefined) faults.company_id = ['does not exist']
  else if (inbox.project_role === null || !may(inbox.project_role, 'create_inboxes'))
    throw new Problem('forbidden')
  else if (!may(project.role, 'create_inboxes')) throw new Problem('forbidden')
  else if (project.workspace_id !== inbox.workspace_id) faults.company_id = ['belongs to another workspace']
  else return { project_id: project.id }
  return {}
}
