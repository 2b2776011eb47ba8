import { resolve } from 'node:path'
import type { ParseArgsOptionsConfig } from 'node:util'
import type { Settings } from '../config.ts'

export interface Invocation {
  /**
   * Read when asked for, so that a command may look into settings that are wrong.
   * @throws WrongSetting
   */
  readonly settings: Settings
  /** What stands behind the command's name, flags taken out. */
  words: string[]
  /** The command's own flags. */
  flags: Record<string, string | boolean | string[] | undefined>
}

/** One thing the program can do. Each is a file of this folder, loaded when it is asked for. */
export interface Command {
  options?: ParseArgsOptionsConfig
  /** As `--help` of the command shows it, without the program's name. */
  usage: string[]
  /** What more `--help` says. */
  details?: string
  run(invocation: Invocation): Promise<void>
}

/** A command whose flags are not ours to choose: it takes its arguments as they are. */
export interface RawCommand {
  usage: string[]
  details?: string
  runRaw(args: string[]): Promise<void>
}

/** A mistake in how the program was called, or something it could not do: one line on stderr, then the exit code. */
export class CommandFailure extends Error {
  readonly exitCode: number

  constructor(message: string, exitCode = 1) {
    super(message)
    this.exitCode = exitCode
  }
}

/** For a call that makes no sense: what is missing or too much (EX_USAGE of sysexits.h). */
export function misused(message: string): CommandFailure {
  return new CommandFailure(message, 64)
}

/** A path as the caller means it: bin/posthorn runs in the folder of the program, wherever it was called. */
export function callersPath(path: string): string {
  return resolve(process.env.POSTHORN_CALLED_FROM ?? '', path)
}

/** A flag that carries a text; undefined if it was not given. */
export function textFlag(flags: Invocation['flags'], name: string): string | undefined {
  const value = flags[name]
  return typeof value === 'string' ? value : undefined
}
