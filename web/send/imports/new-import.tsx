import { Link, useNavigate } from '@tanstack/react-router'
import { ArrowLeft, FileUp } from 'lucide-react'
import { type DragEvent, useId, useRef, useState } from 'react'
import type { ImportFormat } from '../../../server/send/api/imports-wire.ts'
import { uploadImport } from '../../calls/imports.ts'
import { mayChange, useSession } from '../../calls/session.ts'
import { Page } from '../../frame/page.tsx'
import { Button, buttonClasses } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { useDocumentTitle } from '../../ui/document-title.ts'
import { FormError } from '../../ui/field.tsx'
import { readableSize } from '../../ui/size.ts'
import { ProgressBar } from '../progress-bar.tsx'
import { SOURCES } from './import-words.ts'
import { Steps } from './steps.tsx'

/** The first step: which file. Once it is on the server one can leave and come back. */
export function NewImport() {
  useDocumentTitle('Import a file')
  const id = useId()
  const navigate = useNavigate()
  const change = mayChange(useSession().workspace?.role)
  const [source, setSource] = useState<ImportFormat>('csv')
  const [under, setUnder] = useState<{ name: string; size: number; share: number }>()
  const [error, setError] = useState<string>()
  const [over, setOver] = useState(false)
  const stop = useRef<AbortController>(undefined)
  const find = SOURCES.find(({ format }) => format === source)?.find

  const take = async (file: File | undefined) => {
    if (!file || under) return
    if (file.size === 0) return setError(`${file.name} is empty.`)
    setError(undefined)
    setUnder({ name: file.name, size: file.size, share: 0 })
    stop.current = new AbortController()
    try {
      const begun = await uploadImport(
        file,
        share => setUnder({ name: file.name, size: file.size, share }),
        stop.current.signal,
      )
      await navigate({ to: '/imports/$importId', params: { importId: begun.id }, replace: true })
    } catch (failure) {
      if (!(failure instanceof DOMException)) setError((failure as Error).message)
      setUnder(undefined)
    }
  }
  const dropped = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    const { files } = event.dataTransfer
    if (files.length > 1) setError('One file at a time, please.')
    else void take(files[0])
  }

  return (
    <Page
      title="Import a file"
      back={
        <Link to="/imports" className={buttonClasses('quiet', '-ml-2 px-2')}>
          <ArrowLeft size={15} aria-hidden />
          Imports
        </Link>
      }
    >
      <Steps at={0} />
      {!change && <p className="text-soft">Only admins of the workspace import.</p>}
      {change && (
        <div className="flex flex-col gap-6">
          <fieldset>
            <legend className="mb-2 font-medium">Where do they come from?</legend>
            <div className="flex flex-wrap gap-2">
              {SOURCES.map(({ format, name }) => (
                <label
                  key={format}
                  className={classes(
                    'flex min-h-9 items-center rounded-control border px-3.5 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-brass-text',
                    format === source
                      ? 'border-brass-text bg-chosen font-medium'
                      : 'border-line-strong hover:bg-hover',
                  )}
                >
                  <input
                    type="radio"
                    name={`${id}-source`}
                    className="sr-only"
                    checked={format === source}
                    onChange={() => setSource(format)}
                  />
                  {name}
                </label>
              ))}
            </div>
          </fieldset>
          <p className="max-w-[68ch] text-body text-soft" aria-live="polite">
            {find}
          </p>
          <FormError>{error}</FormError>
          {under ? (
            <div className="flex flex-col gap-3 rounded-card border border-line p-6">
              <div className="flex items-baseline gap-3">
                <bdi className="min-w-0 grow truncate font-medium">{under.name}</bdi>
                <span className="shrink-0 text-small text-soft tabular-nums">
                  {under.share < 1 ? `${Math.floor(under.share * 100)} % of ` : 'Looking at '}
                  {readableSize(under.size)}
                </span>
              </div>
              <ProgressBar label={`Uploading ${under.name}`} share={under.share} />
              <Button className="self-start" onClick={() => stop.current?.abort()}>
                Cancel
              </Button>
            </div>
          ) : (
            <div
              onDragOver={event => {
                event.preventDefault()
                setOver(true)
              }}
              onDragLeave={() => setOver(false)}
              onDrop={dropped}
              className={classes(
                'flex flex-col items-center gap-3 rounded-sheet border-2 border-dashed px-6 py-14 text-center transition-colors duration-100',
                over ? 'border-brass bg-chosen' : 'border-line-strong bg-sunk',
              )}
            >
              <FileUp size={30} strokeWidth={1.5} className="text-brass-text" aria-hidden />
              <p className="text-body font-medium max-sm:hidden">Drop the file here</p>
              <label
                className={buttonClasses(
                  'primary',
                  'h-9 px-4 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-brass-text',
                )}
              >
                <input
                  type="file"
                  className="sr-only"
                  accept=".csv,.tsv,.txt,text/csv,text/plain"
                  onChange={({ target }) => {
                    void take(target.files?.[0])
                    target.value = ''
                  }}
                />
                Choose a file
              </label>
              <p className="text-soft">Nothing is imported before you have seen what it would do.</p>
            </div>
          )}
        </div>
      )}
    </Page>
  )
}
