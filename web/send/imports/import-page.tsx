import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { CallError } from '../../calls/http.ts'
import { importQuery } from '../../calls/imports.ts'
import { queryClient } from '../../calls/query-client.ts'
import { mayChange, useSession } from '../../calls/session.ts'
import { forgetLists } from '../../calls/subscribers.ts'
import { Page } from '../../frame/page.tsx'
import { Button, buttonClasses } from '../../ui/button.tsx'
import { useDocumentTitle } from '../../ui/document-title.ts'
import { State } from '../../ui/state.tsx'
import { ImportReport } from './import-report.tsx'
import { ImportSetup } from './import-setup.tsx'
import { Steps } from './steps.tsx'

/** One import from the moment its file is here: what is to be done, what is being done, what was done. */
export function ImportPage() {
  const { importId } = useParams({ from: '/frame/imports/$importId' })
  const change = mayChange(useSession().workspace?.role)
  const query = useQuery(importQuery(importId))
  const one = query.data
  const [editing, setEditing] = useState(false)
  useDocumentTitle(one?.name ?? 'Import')

  // What it brought is not in what was loaded before.
  const status = useRef(one?.status)
  useEffect(() => {
    if (status.current === 'running' && one && one.status !== 'running' && !one.dry_run) {
      forgetLists()
      void queryClient.invalidateQueries({ queryKey: ['fields'] })
    }
    if (one?.status === 'running') setEditing(false)
    status.current = one?.status
  }, [one])

  if (!one) {
    const gone = query.error instanceof CallError && query.error.status === 404
    if (query.isPending)
      return (
        <Page title="Import" back={<Back />}>
          {null}
        </Page>
      )
    return (
      <State
        whole
        urgent
        title={gone ? 'This import is not here' : 'The import could not be loaded'}
        actions={
          gone ? (
            <Link to="/imports" className={buttonClasses()}>
              All imports
            </Link>
          ) : (
            <Button onClick={() => void query.refetch()}>Try again</Button>
          )
        }
      >
        {gone ? 'It was deleted, or belongs to another workspace.' : query.error?.message}
      </State>
    )
  }
  const setUp = one.status === 'waiting' || editing
  const step = setUp ? 1 : one.dry_run ? 2 : one.status === 'done' ? 4 : 3
  return (
    <Page title={one.name} back={<Back />}>
      <Steps at={step} />
      {setUp && change ? (
        <ImportSetup
          one={one}
          onStarted={() => {
            setEditing(false)
            document.querySelector<HTMLElement>('main h1')?.focus()
          }}
        />
      ) : (
        <ImportReport one={one} change={change} onEdit={() => setEditing(true)} />
      )}
    </Page>
  )
}

function Back() {
  return (
    <Link to="/imports" className={buttonClasses('quiet', '-ml-2 px-2')}>
      <ArrowLeft size={15} aria-hidden />
      Imports
    </Link>
  )
}
