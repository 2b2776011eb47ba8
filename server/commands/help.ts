import { describeSettings } from '../config.ts'

/** Commands and settings, the latter from the one table. */
export function helpText(commands: Record<string, { does: string }>): string {
  const verbs = Object.entries(commands).map(([name, { does }]) => `  ${name.padEnd(10)} ${does}`)
  const settings = describeSettings().map(
    ({ name, shown, meaning }) => `  ${name}\n      ${meaning}${shown === '' ? '' : ` (default: ${shown})`}`,
  )
  return `Posthorn: a server for a team's email.

Usage: posthorn [command] [--flags]

Commands (each takes --help):
${verbs.join('\n')}

Settings, from the environment, from .env in the working directory, or as a flag (--http-port 8025 is
POSTHORN_HTTP_PORT=8025):
${settings.join('\n')}
`
}
