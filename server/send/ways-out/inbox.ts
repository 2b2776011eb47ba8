import type { SettingValues } from './email-service-types.ts'
import { outcomeOf } from './smtp-outcome.ts'
import type { WayOutTools } from './open-way-out.ts'
import type { WayOut } from './way-out.ts'

/** Into one of our own inboxes. */
export function inboxWayOut(settings: SettingValues, { deliver }: WayOutTools): WayOut {
  const inboxId = Number(settings.inbox_id)
  return {
    takes: 'bytes',
    capacity: 50,
    async send(mail, gate) {
      if (!(await gate())) return { is: 'stopped' }
      try {
        const refusal = await deliver(inboxId, mail)
        if (refusal === null)
          return { is: 'sent', answer: { code: 250, enhanced: null, text: 'kept' }, providerId: null }
        return outcomeOf('RCPT', { ...refusal, enhanced: refusal.enhanced ?? undefined })
      } catch (error) {
        // Whether it was kept before that is not known.
        return { is: 'ambiguous', answer: { code: 0, enhanced: null, text: (error as Error).message } }
      }
    },
    close() {},
  }
}
