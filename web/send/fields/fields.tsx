import { Page } from '../../frame/page.tsx'
import { useDocumentTitle } from '../../ui/document-title.ts'

export function Fields() {
  useDocumentTitle('Fields')
  return <Page title="Fields">{null}</Page>
}
