import { assemble, type Running } from '../assemble.ts'
import type { Settings } from '../config.ts'
import { standardLog } from '../log.ts'
import { StorageFault } from '../storage/faults.ts'
import { type Command, CommandFailure } from './command.ts'

export const command: Command = {
  usage: ['serve [--flags]'],
  async run({ settings }) {
    const log = standardLog(settings.log)
    const running = await start(settings, log)
    greet(settings, running)

    let stopping = false
    const stop = (signal: NodeJS.Signals) => {
      // Asked twice, somebody is in a hurry: everything answered 250 is on disk already.
      if (stopping) process.exit(130)
      stopping = true
      log.info('stopping', { signal })
      running
        .stop()
        .catch(error => log.error('the end was not orderly', { error }))
        .finally(() => process.exit(0))
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
    // A reader of our output that goes away (a closed pipe) is no reason to stop taking mail.
    process.stdout.on('error', () => {})
  },
}

async function start(settings: Settings, log: ReturnType<typeof standardLog>): Promise<Running> {
  try {
    return await assemble(settings, log)
  } catch (error) {
    if (error instanceof StorageFault) throw error
    const { code, path, message } = error as NodeJS.ErrnoException
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
      throw new CommandFailure(`no permission to write ${path ?? settings.dataDir}`)
    if (code === 'ENOTDIR' || code === 'EEXIST')
      throw new CommandFailure(`POSTHORN_DATA_DIR: ${path ?? settings.dataDir} is no directory`)
    throw new CommandFailure(message)
  }
}

/** For people: where everything is. What only the first start knows is printed this once. */
function greet(settings: Settings, { made, smtpPorts }: Running): void {
  const smtp = `${settings.smtpHost} port ${smtpPorts.join(', ')}`
  const lines = made
    ? [
        'Posthorn is set up. Keep these lines: tokens are shown once.',
        `  Web             ${settings.publicUrl}`,
        `  SMTP            ${smtp}`,
        `  SMTP username   ${made.smtpUsername}`,
        `  SMTP password   ${made.smtpPassword}`,
        `  API token       ${made.userToken}`,
        `  Workspace token ${made.workspaceToken}`,
        `  Owner           ${made.email}`,
      ]
    : [`Posthorn is ready: web ${settings.publicUrl}, SMTP ${smtp}`]
  process.stdout.write(`${lines.join('\n')}\n`)
}
