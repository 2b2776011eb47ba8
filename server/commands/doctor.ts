import { type Settings, WrongSetting } from '../config.ts'
import type { Command, Invocation } from './command.ts'
import { checkDatabase } from './doctor/database.ts'
import { checkPorts, checkPublicUrl } from './doctor/doors.ts'
import { fail, type Finding, ok } from './doctor/finding.ts'
import { checkCertificate } from './doctor/keys.ts'
import { checkClock, checkDataDirectory, checkNode, checkSpace } from './doctor/machine.ts'
import { checkRelay } from './doctor/relay.ts'
import { checkSpamd } from './doctor/spamd.ts'
import { print, printable, printJson } from './print.ts'

export const command: Command = {
  options: { fix: { type: 'boolean' }, json: { type: 'boolean' } },
  usage: ['doctor [--fix] [--json]'],
  details:
    'Looks at this installation and says, a line for each thing, what is well, what is worth a look and what is wrong,\n' +
    'and how to mend it. Exit code 1 if something is wrong. --fix mends what can be made again from the messages:\n' +
    'counters, the search index, rows that belong to nothing. A server may run beside.',
  async run(invocation) {
    const findings = await examineAll(invocation)
    if (invocation.flags.json) printJson(findings)
    else tell(findings)
    if (findings.some(({ state }) => state === 'fail')) process.exitCode = 1
  },
}

async function examineAll(invocation: Invocation): Promise<Finding[]> {
  const machine = [checkNode(), checkClock()]
  const settings = settingsOf(invocation)
  if ('state' in settings) return [...machine, settings]
  return [
    ...machine,
    ok('settings', 'can all be used'),
    checkDataDirectory(settings),
    checkSpace(settings),
    ...(await checkPorts(settings)),
    checkPublicUrl(settings),
    checkCertificate(settings),
    ...(await checkSpamd(settings)),
    await checkRelay(settings),
    ...(await checkDatabase(settings, invocation.flags.fix === true)),
  ]
}

function settingsOf(invocation: Invocation): Settings | Finding {
  try {
    return invocation.settings
  } catch (error) {
    if (!(error instanceof WrongSetting)) throw error
    return fail('settings', error.message, 'correct it in the environment, in .env or on the command line')
  }
}

function tell(findings: Finding[]): void {
  for (const { check, state, says, mend } of findings)
    print(
      `${state.padEnd(4)}  ${check}: ${printable(says)}${mend === undefined ? '' : ` — ${printable(mend)}`}`,
    )
  const wrong = findings.filter(({ state }) => state === 'fail').length
  const odd = findings.filter(({ state }) => state === 'warn').length
  print(`${wrong} wrong, ${odd} worth a look, ${findings.length - wrong - odd} well`)
}
