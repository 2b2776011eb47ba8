import { Problem } from '../../problem.ts'
import type { Subscriber } from '../audience/subscribers.ts'
import type { GatherDoor } from '../mails/program-sources.ts'
import { testMail } from '../mails/views.ts'
import type { Sending } from '../sending/sending.ts'
import type { Campaign } from './campaigns.ts'

/**
 * Sends one test of a campaign, at once and through its own email service. It is in no ledger.
 * @param subscriber whose data it shows; undefined: somebody made up
 * @returns null: it was taken; else why not, in the server's words
 * @throws Problem `invalid`: the campaign has no email service, or cannot be rendered
 */
export async function sendTest(
  door: GatherDoor & { sending: Sending },
  campaign: Campaign,
  to: string,
  subscriber: Subscriber | undefined,
): Promise<string | null> {
  const { email_service_id: service } = campaign
  if (service === null)
    throw new Problem('invalid', '', {
      fields: { email_service_id: ['The email service id field is required.'] },
    })
  const outcome = await door.sending.handOver(service, await testMail(door, campaign, to, subscriber))
  if (outcome.is === 'sent') return null
  return outcome.is === 'stopped' ? 'the server is stopping' : outcome.answer.text
}
