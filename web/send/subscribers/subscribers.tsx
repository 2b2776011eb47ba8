import { Page } from '../../frame/page.tsx'
import { useDocumentTitle } from '../../ui/document-title.ts'

export function Subscribers() {
  useDocumentTitle('Subscribers')
  return <Page title="Subscribers">{null}</Page>
}
