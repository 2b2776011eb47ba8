import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { CallError } from '../../../calls/http.ts'
import { templateQuery } from '../../../calls/templates.ts'
import { Button } from '../../../ui/button.tsx'
import { useDocumentTitle } from '../../../ui/document-title.ts'
import { State } from '../../../ui/state.tsx'
import { MissingTemplate } from '../missing-template.tsx'
import { Workbench } from './workbench.tsx'

const route = getRouteApi('/frame/templates/$templateId/edit')

export function TemplateEditor() {
  const { templateId } = route.useParams()
  const template = useQuery({
    ...templateQuery(templateId),
    // Nothing may be exchanged under the hands of whoever is writing.
    refetchOnMount: 'always',
    refetchOnReconnect: false,
    refetchOnWindowFocus: false,
  })
  useDocumentTitle(template.data?.name, 'Templates')
  if (template.error instanceof CallError && template.error.status === 404) return <MissingTemplate />
  if (template.isError && !template.data)
    return (
      <State
        urgent
        whole
        title="The template could not be loaded"
        actions={<Button onClick={() => void template.refetch()}>Try again</Button>}
      >
        {template.error.message}
      </State>
    )
  // Not what a list or another tab left behind: what is on the server now.
  if (!template.data || (template.isFetching && !template.isFetchedAfterMount)) return <Loading />
  return <Workbench key={templateId} template={template.data} />
}

function Loading() {
  return (
    <div aria-busy="true" className="flex min-w-0 grow animate-breathe flex-col">
      <span className="sr-only" role="status">
        Loading the template
      </span>
      <div className="h-13 border-b border-line" />
      <div className="flex grow gap-4 p-4">
        <div className="grow rounded-card bg-sunk" />
        <div className="w-1/3 rounded-card bg-sunk max-lg:hidden" />
      </div>
    </div>
  )
}
