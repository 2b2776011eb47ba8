import { useSession } from '../calls/session.ts'
import { Page } from '../frame/page.tsx'
import { useDocumentTitle } from '../ui/document-title.ts'
import { PasswordSection } from './password-section.tsx'
import { ProfileSection } from './profile-section.tsx'
import { TokensSection } from './tokens-section.tsx'

export function Account() {
  useDocumentTitle('Account')
  const { user } = useSession()
  if (!user) return null
  return (
    <Page title="Account" about={user.email}>
      <ProfileSection user={user} />
      <PasswordSection hasPassword={user.has_password} />
      <TokensSection />
    </Page>
  )
}
