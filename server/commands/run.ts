import { parseArgs } from 'node:util'
import { readSettings, settingFlags, WrongSetting } from '../config.ts'
import { Problem } from '../problem.ts'
import { StorageFault } from '../storage/faults.ts'
import { type Command, CommandFailure, misused, type RawCommand } from './command.ts'
import { helpText } from './help.ts'

/** Name, what it does, where it is. */
export const COMMANDS: Record<string, { does: string; load(): Promise<{ command: Command | RawCommand }> }> =
  {
    serve: { does: 'run the server (the default)', load: () => import('./serve.ts') },
    migrate: { does: 'bring the database up to date, then stop', load: () => import('./migrate.ts') },
    user: { does: 'people: create, list, reset the password', load: () => import('./user.ts') },
    token: { does: 'API tokens: create, list, reset', load: () => import('./token.ts') },
    inbox: { does: 'inboxes: create, list, reset the credentials', load: () => import('./inbox.ts') },
    send: { does: 'put a message into an inbox', load: () => import('./send.ts') },
    sendmail: { does: 'take a message as sendmail does', load: () => import('./sendmail.ts') },
    import: { does: 'subscribers out of a file', load: () => import('./import.ts') },
    export: { does: 'subscribers into a file', load: () => import('./export.ts') },
    backup: { does: 'copy everything into a folder', load: () => import('./backup.ts') },
    restore: { does: 'bring back what backup has copied', load: () => import('./restore.ts') },
    doctor: { does: 'say what is wrong with this installation', load: () => import('./doctor.ts') },
  }

/** Runs the command that the arguments name; ends the process with its exit code. */
export async function run(args: string[]): Promise<void> {
  try {
    await dispatch(args)
  } catch (error) {
    process.exitCode = tell(error)
  }
}

async function dispatch(args: string[]): Promise<void> {
  const named = args[0] !== undefined && !args[0].startsWith('-')
  const name = named ? (args[0] ?? '') : 'serve'
  const entry = COMMANDS[name]
  if (name === 'help' || (!named && args.includes('--help')) || args[0] === '-h') {
    process.stdout.write(helpText(COMMANDS))
    return
  }
  if (entry === undefined) throw misused(`there is no command "${name}"; --help lists them`)
  const { command } = await entry.load()
  const rest = named ? args.slice(1) : args
  const lines = command.usage.map(line => `  posthorn ${line}\n`).join('')
  const usage = `${entry.does}\n\n${lines}${command.details ? `\n${command.details}\n` : ''}`
  if ('runRaw' in command) {
    if (rest.includes('--help')) process.stdout.write(usage)
    else await command.runRaw(rest)
    return
  }
  const { values, positionals } = readArguments(rest, command)
  if (values.help === true) {
    process.stdout.write(usage)
    return
  }
  await command.run({
    get settings() {
      return readSettings(values)
    },
    words: positionals,
    flags: values,
  })
}

function readArguments(args: string[], command: Command) {
  try {
    return parseArgs({
      args,
      options: { ...settingFlags(), ...command.options, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    })
  } catch (error) {
    // Its first sentence says what is wrong; the rest explains how to escape a dash.
    throw misused(((error as Error).message.split(/\. /)[0] ?? '').replace(/\.$/, ''))
  }
}

/** One clear line for what a person can mend; a stack only for our own bugs. */
function tell(error: unknown): number {
  if (error instanceof CommandFailure) return say(error.message, error.exitCode)
  if (error instanceof WrongSetting) return say(error.message, 78)
  if (error instanceof Problem) return say(told(error), 1)
  if (error instanceof Error && 'syscall' in error) return say(error.message, 1)
  if (error instanceof StorageFault && error.kind !== 'bug') return say(`the database: ${error.message}`, 1)
  return say(error instanceof Error ? (error.stack ?? error.message) : String(error), 70)
}

function told({ kind, message, fields = {} }: Problem): string {
  const wrong = Object.entries(fields).flatMap(([name, texts]) => texts.map(text => `${name} ${text}`))
  return [message, ...wrong].filter(text => text !== '').join('; ') || kind
}

function say(line: string, exitCode: number): number {
  process.stderr.write(`posthorn: ${line}\n`)
  return exitCode
}
