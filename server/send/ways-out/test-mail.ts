import { composeMessage } from '../../mail/compose.ts'
import { Problem } from '../../problem.ts'
import type { Sending } from '../sending/sending.ts'
import type { OutgoingMail, Outcome } from './way-out.ts'

export const TEST_SUBJECT = 'Posthorn Test Email'

export interface TestMail {
  from: string
  to: string
  subject: string
  body: string
}

/**
 * Hands one mail to a service, to see what it says.
 * @throws Problem `invalid` under `response`: in its words, why it would not have it
 */
export async function sendTestMail(sending: Sending, serviceId: number, test: TestMail): Promise<void> {
  const outcome = await sending.handOver(serviceId, outgoing(test))
  const response = responseOf(outcome)
  if (response !== undefined)
    throw new Problem('invalid', '', { fields: { response: [`Response: ${response}`] } })
}

function responseOf(outcome: Outcome): string | undefined {
  if (outcome.is === 'sent') return undefined
  if (outcome.is === 'stopped') return 'the server is being stopped'
  const { code, enhanced, text } = outcome.answer
  return [code || undefined, enhanced, text].filter(Boolean).join(' ')
}

/** Both ways, for not every service takes a whole message. */
function outgoing({ from, to, subject, body }: TestMail): OutgoingMail {
  // RFC 3834, section 5: no vacation notice answers it.
  const header = { name: 'Auto-Submitted', value: 'auto-generated' }
  const bytes = composeMessage({
    from: { name: '', address: from },
    to: [{ name: '', address: to }],
    subject,
    headers: [header],
    text: body,
  })
  return {
    reversePath: from,
    forwardPath: to,
    idempotencyKey: crypto.randomUUID(),
    bytes,
    parts: {
      from: { name: '', email: from },
      replyTo: null,
      to: { name: '', email: to },
      subject,
      html: null,
      text: body,
      headers: [[header.name, header.value]],
      attachments: [],
    },
  }
}
