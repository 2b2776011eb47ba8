import { Page } from '../../frame/page.tsx'
import { useDocumentTitle } from '../../ui/document-title.ts'

export function SubscriberPage() {
  useDocumentTitle('Subscriber')
  return <Page title="Subscriber">{null}</Page>
}
