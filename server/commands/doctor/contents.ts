import { isLoopback, type Settings } from '../../config.ts'
import { reindex } from '../../catch/reindex.ts'
import {
  countBodiless,
  countOrphans,
  miscountedInboxes,
  recountInbox,
  removeOrphans,
} from '../../catch/upkeep.ts'
import { somebodyHasPassword } from '../../accounts/users.ts'
import type { Database } from '../../storage/schema.ts'
import { countUnindexed } from '../../storage/search-upkeep.ts'
import { fail, type Finding, ok, warn } from './finding.ts'

const MEND = 'posthorn doctor --fix'

/** Whether the rows agree with each other. */
export async function checkContents(db: Database, settings: Settings): Promise<Finding[]> {
  const counters = await miscountedInboxes(db)
  const orphans = Object.entries(await countOrphans(db)).filter(([, count]) => count > 0)
  const unindexed = await countUnindexed(db)
  const bodiless = await countBodiless(db)
  const open = !isLoopback(settings.host) && !(await somebodyHasPassword(db))
  return [
    open
      ? fail(
          'password',
          `others can reach ${settings.host}, and nobody has a password`,
          'posthorn user reset --email E',
        )
      : ok('password', isLoopback(settings.host) ? 'only this machine is listened to' : 'set'),
    counters.length === 0
      ? ok('counters', 'agree with the messages')
      : fail('counters', `of inbox ${counters.slice(0, 10).join(', ')} do not agree with the messages`, MEND),
    orphans.length === 0
      ? ok('orphans', 'none')
      : warn(
          'orphans',
          `${orphans.map(([kind, count]) => `${count} ${kind}`).join(', ')} that belong to nothing`,
          MEND,
        ),
    unindexed === 0
      ? ok('search', 'knows every message')
      : fail('search', `does not know ${unindexed} messages`, MEND),
    bodiless === 0
      ? ok('bodies', 'every message has its bytes')
      : fail(
          'bodies',
          `${bodiless} messages have lost their bytes`,
          'posthorn restore FOLDER --force, from a backup',
        ),
  ]
}

/** Mends what can be made again out of the messages. A server may run beside. */
export async function mendContents(db: Database, tell: (done: number, total: number) => void): Promise<void> {
  await removeOrphans(db)
  for (const id of await miscountedInboxes(db)) await recountInbox(db, id)
  await reindex(db, tell)
}
