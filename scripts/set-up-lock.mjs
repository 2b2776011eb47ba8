// One set-up at a time in this folder: two npm installs into one place destroy each other.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { SetUpError, say } from './processes.mjs'

const lock = '.tools/set-up-lock'
const PATIENCE_MS = 10 * 60_000

export async function whileAlone(work) {
  await take()
  process.once('exit', release)
  try {
    await work()
  } finally {
    process.off('exit', release)
    release()
  }
}

function release() {
  rmSync(lock, { force: true })
}

async function take() {
  mkdirSync('.tools', { recursive: true })
  // A link appears whole, with its owner's number in it; a file just created would be empty for a moment.
  const own = `${lock}-${process.pid}`
  writeFileSync(own, String(process.pid))
  try {
    const deadline = Date.now() + PATIENCE_MS
    for (let waits = 0; !linked(own); waits += 1) {
      const holder = readHolder()
      if (holder === undefined) continue
      if (!isAlive(holder)) {
        removeLockOf(holder, own)
        continue
      }
      if (waits === 0) say(`waiting for another set-up in this folder (process ${holder})`)
      if (Date.now() > deadline)
        throw new SetUpError(`process ${holder} holds ${lock}: end it, or remove that file`)
      await pause(200)
    }
  } finally {
    rmSync(own, { force: true })
  }
}

function linked(own) {
  try {
    linkSync(own, lock)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

function readHolder() {
  try {
    return Number(readFileSync(lock, 'utf8'))
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

// Moved aside before it is removed: if another process took the lock meanwhile, it gets it back.
function removeLockOf(dead, own) {
  const aside = `${own}-stale`
  try {
    renameSync(lock, aside)
  } catch {
    return
  }
  if (Number(readFileSync(aside, 'utf8')) !== dead) linked(aside)
  rmSync(aside, { force: true })
}
