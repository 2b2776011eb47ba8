import { databaseLocation } from '../config.ts'
import { openDatabase } from '../storage/database.ts'
import type { Command } from './command.ts'

export const command: Command = {
  usage: ['migrate'],
  async run({ settings }) {
    await (await openDatabase(databaseLocation(settings))).destroy()
    process.stdout.write('the database is up to date\n')
  },
}
