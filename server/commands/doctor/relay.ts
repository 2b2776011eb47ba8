import type { Settings } from '../../config.ts'
import { SmtpError } from '../../mail/smtp/client-channel.ts'
import { ClientSession } from '../../mail/smtp/client-session.ts'
import { fail, type Finding, ok } from './finding.ts'

const PATIENCE_SECONDS = 10

/** Whether the relay lets us in, as far as sending nothing can tell. */
export async function checkRelay({
  relayUrl,
  smtpHost,
}: Pick<Settings, 'relayUrl' | 'smtpHost'>): Promise<Finding> {
  if (relayUrl === undefined) return ok('relay', 'none is set, nothing is forwarded')
  const { host, port } = relayUrl
  const name = `relay ${host}:${port}`
  try {
    const target = { ...relayUrl, heloName: smtpHost, timeout: PATIENCE_SECONDS }
    const session = await ClientSession.open(target, AbortSignal.timeout(2 * PATIENCE_SECONDS * 1000))
    session.quit()
    return ok(name, relayUrl.auth === undefined ? 'answers' : 'answers, and takes the login')
  } catch (error) {
    if (!(error instanceof SmtpError)) throw error
    return fail(name, error.message, mendFor(error.moment))
  }
}

function mendFor(moment: string): string {
  if (moment === 'AUTH') return 'correct user and password in POSTHORN_RELAY_URL'
  if (moment === 'STARTTLS')
    return 'give it a certificate that this machine trusts (NODE_EXTRA_CA_CERTS), or say ?starttls=opportunistic'
  return 'see whether it runs, and whether POSTHORN_RELAY_URL leads there'
}
