import { checkEnvelope, ClientSession } from './client-session.ts'
import type { SubmitTarget } from './client-opening.ts'
import type { SubmitEnvelope, Submitted } from './client-session.ts'

/**
 * Hands one message to an SMTP server and goes. Rejects with SmtpError when the server takes the message for
 * nobody, or when it cannot be reached.
 * @param bytes a whole message with CRLF line ends
 */
export async function submit(
  target: SubmitTarget,
  envelope: SubmitEnvelope,
  bytes: Buffer,
): Promise<Submitted> {
  checkEnvelope(envelope)
  const session = await ClientSession.open(target)
  try {
    const submitted = await session.send(envelope, bytes)
    session.quit()
    return submitted
  } catch (error) {
    session.abort('given up')
    throw error
  }
}
