import { Page } from '../../frame/page.tsx'
import { useDocumentTitle } from '../../ui/document-title.ts'

export function NewImport() {
  useDocumentTitle('Import')
  return <Page title="Import">{null}</Page>
}
