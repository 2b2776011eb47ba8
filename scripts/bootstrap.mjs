// `npm start` and `npm test` come through here: set up what is missing, then run.
// `run PROGRAM …` does the same for a tool or a script; without a program it only sets up.
// Plain JavaScript for Node 20, because it is what brings the Node that runs everything else.
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bringPackages, packagesReady } from './packages.mjs'
import { SetUpError, handOver } from './processes.mjs'
import { whileAlone } from './set-up-lock.mjs'
import { bringSystemPackages, missingSystemPackages } from './system-packages.mjs'
import { bringTools, nodePath, toolsPath, toolsReady } from './tools.mjs'
import { buildWebApp, webAppReady } from './web-app.mjs'

const [command, ...args] = process.argv.slice(2)
// Wherever it is called from, ./data and .env are those of this folder.
process.chdir(fileURLToPath(new URL('..', import.meta.url)))

const steps = [
  { ready: toolsReady, bring: bringTools },
  { ready: packagesReady, bring: bringPackages },
]
// Not for `run`: the check of a web app that does not build has to be able to say why.
if (command !== 'run') steps.push({ ready: webAppReady, bring: buildWebApp })
if (command === 'test') {
  steps.push({ ready: () => missingSystemPackages().length === 0, bring: bringSystemPackages })
}

try {
  if (!['start', 'test', 'run'].includes(command)) {
    throw new SetUpError('use: node scripts/bootstrap.mjs start|test|run [arguments]')
  }
  if (steps.some(step => !step.ready())) {
    await whileAlone(async () => {
      for (const step of steps) if (!step.ready()) await step.bring()
    })
  }
  const env = { ...process.env, PATH: toolsPath() }
  // Here and not in main.ts alone: so the very first file comes from it too, and no type stripper is loaded (20 MB).
  env.NODE_COMPILE_CACHE ??= resolve('.tools/compile-cache')
  if (command === 'run' && args.length > 0) handOver('/usr/bin/env', args, env)
  if (command === 'start') handOver(nodePath(), ['server/main.ts', ...args], env)
  if (command === 'test') {
    // React and Vitest behave differently under a NODE_ENV that is left over in the shell.
    delete env.NODE_ENV
    handOver(nodePath(), ['node_modules/vitest/vitest.mjs', 'run', ...args], env)
  }
} catch (error) {
  if (!(error instanceof SetUpError)) throw error
  console.error(`posthorn: ${error.message}`)
  process.exitCode = error.exitCode
}
