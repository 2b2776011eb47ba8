import { Page } from '../../frame/page.tsx'
import { useDocumentTitle } from '../../ui/document-title.ts'

export function Suppressions() {
  useDocumentTitle('Suppressions')
  return <Page title="Suppressions">{null}</Page>
}
