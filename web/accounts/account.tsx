import { useSession } from '../calls/session.ts'
import { Page } from '../frame/page.tsx'
import { useDocumentTitle } from '../ui/document-title.ts'
import { CorsSection } from './cors-section.tsx'
import { EmailSection } from './email-section.tsx'
import { KeysSection } from './keys-section.tsx'
import { PasswordSection } from './password-section.tsx'
import { ProfileSection } from './profile-section.tsx'

export function Account() {
  useDocumentTitle('Account')
  const { user, server } = useSession()
  if (!user) return null
  return (
    <Page title="Account" about={user.email}>
      <ProfileSection user={user} locales={server.locales} />
      {user.has_password && <EmailSection user={user} mails={server.mails} />}
      <PasswordSection hasPassword={user.has_password} />
      <KeysSection />
      <CorsSection />
    </Page>
  )
}
