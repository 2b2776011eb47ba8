// What the tests need from the system: a browser, PostgreSQL's programs, and clients to send and to fetch mail with.
import { accessSync, constants, existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { SetUpError, runQuietly, say } from './processes.mjs'

// swaks speaks TLS through Net::SSLeay, which it only recommends; Chromium draws no text without a font.
const needs = [
  { programs: ['chromium', 'chromium-browser', 'google-chrome'], debian: ['chromium', 'fonts-liberation'] },
  { programs: ['initdb'], debian: ['postgresql'] },
  { programs: ['swaks'], debian: ['swaks', 'libnet-ssleay-perl'] },
  { programs: ['fetchmail'], debian: ['fetchmail'] },
  { programs: ['spamd'], debian: ['spamd'] },
  { programs: ['python3'], debian: ['python3'] },
  { programs: ['curl'], debian: ['curl'] },
]

export function missingSystemPackages() {
  // Only root has the folder of the daemons on PATH.
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', ...postgresFolders()]
  return needs.filter(
    ({ programs }) => !programs.some(program => folders.some(folder => isProgram(join(folder, program)))),
  )
}

export async function bringSystemPackages() {
  const missing = missingSystemPackages()
  const packages = missing.flatMap(({ debian }) => debian)
  if (!existsSync('/usr/bin/apt-get') || process.getuid?.() !== 0) {
    const apt = existsSync('/usr/bin/apt-get') ? ` (apt-get install ${packages.join(' ')})` : ''
    throw new SetUpError(
      `the tests need ${missing.map(({ programs }) => programs[0]).join(', ')}: install and run again${apt}`,
    )
  }
  say(`installing ${packages.join(', ')} for the tests`)
  const before = clusters()
  const bringsSpamd = packages.includes('spamd')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await runQuietly('reading the package lists', 'apt-get', ['update', '-q'], env)
  await runQuietly(
    'installing system packages',
    'apt-get',
    ['install', '-y', '-q', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300', ...packages],
    env,
  )
  // Debian's packages start servers of their own, which nobody asked for: a spamd, and an empty cluster.
  if (bringsSpamd && hasSystemd())
    await runQuietly('stopping the new spamd', 'systemctl', ['disable', '--now', 'spamd'], env)
  for (const version of clusters()) {
    if (!before.includes(version))
      await runQuietly('removing the new cluster', 'pg_dropcluster', ['--stop', version, 'main'], env)
  }
}

function hasSystemd() {
  return existsSync('/run/systemd/system')
}

function clusters() {
  return existsSync('/etc/postgresql') ? readdirSync('/etc/postgresql') : []
}

// Debian keeps PostgreSQL's own programs off PATH, one folder per version.
function postgresFolders() {
  const home = '/usr/lib/postgresql'
  return existsSync(home) ? readdirSync(home).map(version => join(home, version, 'bin')) : []
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
