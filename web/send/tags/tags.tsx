import { Page } from '../../frame/page.tsx'
import { useDocumentTitle } from '../../ui/document-title.ts'

export function Tags() {
  useDocumentTitle('Tags')
  return <Page title="Tags">{null}</Page>
}
