// The Node and the package manager the project is built with, in .tools/ when the machine's are too old.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, resolve } from 'node:path'
import { SetUpError, runQuietly, say } from './processes.mjs'

const NODE = '24.21.0'
const PNPM = '12.21.0'
const OLDEST_NODE = [24, 11]

const [major, minor] = process.versions.node.split('.').map(Number)
const machineNodeIsEnough = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])

// These packages hold nothing but Node's own binary; other platforms have none that is kept up.
const packaged = ['linux-x64', 'linux-arm64'].includes(`${process.platform}-${process.arch}`)
const nodePackage = `node-${process.platform}-${process.arch}`

const wanted = [...(machineNodeIsEnough ? [] : [`${nodePackage}@${NODE}`]), `pnpm@${PNPM}`]
const stamp = '.tools/ready'

export function nodePath() {
  return machineNodeIsEnough ? process.execPath : resolve('.tools/node_modules', nodePackage, 'bin/node')
}

export function pnpmPath() {
  return resolve('.tools/node_modules/.bin/pnpm')
}

/** PATH with the right `node` and the project's tools first, for everything that is started from here. */
export function toolsPath() {
  return [dirname(nodePath()), resolve('node_modules/.bin'), process.env.PATH].join(delimiter)
}

export function toolsReady() {
  try {
    const present = readFileSync(stamp, 'utf8').split('\n')
    return wanted.every(name => present.includes(name))
  } catch {
    return false
  }
}

export async function bringTools() {
  if (!machineNodeIsEnough && !packaged) {
    throw new SetUpError(
      `Node ${OLDEST_NODE.join('.')} or newer is needed, this is ${process.versions.node}: install it and run again`,
    )
  }
  say(`bringing ${wanted.join(' and ')} into .tools (once)`)
  mkdirSync('.tools', { recursive: true })
  rmSync(stamp, { force: true })
  const flags = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--prefix', resolve('.tools')]
  await runQuietly('bringing the tools', 'npm', ['install', ...flags, ...wanted])
  for (const file of [nodePath(), pnpmPath()]) {
    try {
      execFileSync(file, ['--version'], {
        stdio: 'ignore',
        env: { ...process.env, PATH: toolsPath(), NODE_OPTIONS: '' },
      })
    } catch (error) {
      throw new SetUpError(`${file} does not run on this machine (${error.code ?? error.message})`)
    }
  }
  writeFileSync(stamp, `${wanted.join('\n')}\n`)
}
