import { Page } from '../../frame/page.tsx'
import { useDocumentTitle } from '../../ui/document-title.ts'

export function Imports() {
  useDocumentTitle('Imports')
  return <Page title="Imports">{null}</Page>
}
