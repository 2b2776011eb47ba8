import { spawn } from 'node:child_process'
import { constants } from 'node:os'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** Ends the bootstrap with one line and this exit code. */
export class SetUpError extends Error {
  constructor(message, exitCode = 1) {
    super(message)
    this.exitCode = exitCode
  }
}

/** Progress goes to standard error, so that what a command prints can be piped. */
export function say(line) {
  console.error(`posthorn: ${line}`)
}

/**
 * Runs one step of the set-up. Its output is shown only if it fails. NODE_OPTIONS and NODE_ENV are the
 * program's: a preload breaks npm, and `production` leaves out the packages that build the web app.
 */
export async function runQuietly(purpose, file, args, env = process.env) {
  const { NODE_OPTIONS: _options, NODE_ENV: _env, ...clean } = env
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], env: clean })
  let output = ''
  child.stdout.on('data', chunk => (output += chunk))
  child.stderr.on('data', chunk => (output += chunk))

  let interrupted
  const forward = signal => {
    interrupted = signal
    child.kill(signal)
  }
  for (const signal of SIGNALS) process.on(signal, forward)
  const patience = setInterval(() => say(`still ${purpose}`), 30_000)
  const outcome = await new Promise(resolve => {
    child.once('error', error => resolve(error.code === 'ENOENT' ? `${file} was not found` : error.message))
    child.once('close', (code, signal) =>
      resolve(code === 0 ? '' : `${file} ended with ${signal ?? `code ${code}`}`),
    )
  })
  clearInterval(patience)
  for (const signal of SIGNALS) process.off(signal, forward)

  if (interrupted) throw new SetUpError(`interrupted while ${purpose}`, 128 + constants.signals[interrupted])
  if (outcome) {
    process.stderr.write(output)
    throw new SetUpError(`failed while ${purpose}: ${outcome}`)
  }
}

/** Becomes the program: standard streams, signals and exit code are its own from here on. */
export function handOver(file, args, env) {
  if (process.execve && process.platform !== 'win32') process.execve(file, [file, ...args], env)

  const child = spawn(file, args, { stdio: 'inherit', env })
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      // Ctrl-C and a closed terminal reach the whole process group; passing them on would say it twice.
      if (signal === 'SIGTERM' || !process.stdin.isTTY) child.kill(signal)
    })
  }
  child.once('error', error => {
    say(`cannot run ${file}: ${error.message}`)
    process.exit(1)
  })
  child.once('exit', (code, signal) => {
    if (!signal) process.exit(code)
    for (const name of SIGNALS) process.removeAllListeners(name)
    process.kill(process.pid, signal)
  })
}
