import { once } from 'node:events'
import { openSecrets } from '../accounts/secrets.ts'
import { databaseLocation } from '../config.ts'
import { exportSubscribers } from '../send/export/export-subscribers.ts'
import { openDatabase } from '../storage/database.ts'
import { type Command, misused, textFlag } from './command.ts'
import { workspaceNamed } from './whose.ts'

export const command: Command = {
  options: { workspace: { type: 'string' } },
  usage: ['export csv [--workspace ID|NAME] > FILE'],
  details:
    'All subscribers of the workspace as CSV, with status, tags and custom fields; import takes it back.',
  async run({ settings, words, flags }) {
    if (words[0] !== 'csv' || words.length !== 1) throw misused('export csv?')
    const db = await openDatabase(databaseLocation(settings))
    try {
      const workspace = await workspaceNamed(db, textFlag(flags, 'workspace'))
      const lines = exportSubscribers({ read: db, survey: db }, openSecrets(settings), workspace.id, {})
      for await (const text of lines) if (!process.stdout.write(text)) await once(process.stdout, 'drain')
    } finally {
      await db.destroy()
    }
  },
}
