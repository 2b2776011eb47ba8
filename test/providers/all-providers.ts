import { fakeMailgun } from './fake-mailgun.ts'
import { fakeMailjet } from './fake-mailjet.ts'
import { fakePostal } from './fake-postal.ts'
import { fakePostmark } from './fake-postmark.ts'
import type { FakeProvider } from './fake-provider.ts'
import { fakeSendgrid } from './fake-sendgrid.ts'
import { fakeSes } from './fake-ses.ts'

/** How each of them is started, by its name in addresses of webhooks. */
export const FAKE_PROVIDERS: Record<string, () => Promise<FakeProvider>> = {
  aws: fakeSes,
  sendgrid: fakeSendgrid,
  mailgun: fakeMailgun,
  postmark: fakePostmark,
  mailjet: fakeMailjet,
  postal: fakePostal,
}
