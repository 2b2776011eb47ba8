import { useSession } from '../calls/session.ts'
import { Page } from '../frame/page.tsx'
import { useDocumentTitle } from '../ui/document-title.ts'
import { TokensSection } from './tokens-section.tsx'

export function ApiTokens() {
  const { workspace } = useSession()
  useDocumentTitle('API Tokens', workspace?.name)
  if (!workspace) return null
  return (
    <Page
      key={workspace.id}
      title="API Tokens"
      about="With one of them a program may call the API, as Authorization: Bearer. Each is shown in full once, when it is made."
    >
      <TokensSection workspace={workspace} />
    </Page>
  )
}
