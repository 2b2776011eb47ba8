import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { ImportOptionsWire, ImportTarget, ImportWire } from '../../../server/send/api/imports-wire.ts'
import { fieldsQuery } from '../../calls/fields.ts'
import { CallError } from '../../calls/http.ts'
import { previewQuery, type Reading, startImport } from '../../calls/imports.ts'
import { Section } from '../../frame/page.tsx'
import { Button } from '../../ui/button.tsx'
import { FormError } from '../../ui/field.tsx'
import { ListBreathing, ListFailed } from '../list-failed.tsx'
import { ColumnsTable } from './columns-table.tsx'
import { FileReading } from './file-reading.tsx'
import { draftOf, type ImportDraft, keepDraft, keptDraft } from './import-draft.ts'
import { FORMAT_NAMES } from './import-words.ts'
import { PreviewTable } from './preview-table.tsx'
import { RulesForm } from './rules-form.tsx'

/** The second step: what the columns mean, and by which rules people come in. */
export function ImportSetup({ one, onStarted }: { one: ImportWire; onStarted: () => void }) {
  const [draft, setDraft] = useState<ImportDraft>(
    () => keptDraft(one.id) ?? (one.options ? draftOf(one.options) : { reading: {}, edits: {} }),
  )
  const preview = useQuery({
    ...previewQuery(one.id, draft.reading),
    placeholderData: previous => previous,
  })
  const fields = useQuery(fieldsQuery).data ?? []
  const [failure, setFailure] = useState<Error>()
  const [busy, setBusy] = useState<'dry' | 'real'>()
  useEffect(() => {
    if (draft.edits !== one.options) keepDraft(one.id, draft)
  }, [draft, one.id, one.options])

  const { data } = preview
  if (!data)
    return preview.isError ? (
      <ListFailed what="The file" error={preview.error} onRetry={() => void preview.refetch()} />
    ) : (
      <ListBreathing />
    )

  const edits = draft.edits
  // A mapping is of the columns it was made for.
  const mapping = edits.mapping?.length === data.columns.length ? edits.mapping : data.options.mapping
  const options: ImportOptionsWire = { ...data.options, ...edits, ...data.read, mapping }
  const edit = (changes: Partial<ImportOptionsWire>) =>
    setDraft(current => ({ ...current, edits: { ...current.edits, ...changes } }))
  const read = (changes: Reading) =>
    setDraft(current => ({
      reading: { ...current.reading, ...changes },
      edits: { ...current.edits, mapping: undefined as never },
    }))
  const retarget = (index: number, to: ImportTarget) => edit({ mapping: mapping.with(index, to) })

  const lacks = wrongWith(mapping)
  const start = async (dry_run: boolean) => {
    if (busy || lacks) return
    setBusy(dry_run ? 'dry' : 'real')
    setFailure(undefined)
    try {
      const { bom: _bom, ...clean } = options as ImportOptionsWire & { bom?: boolean }
      await startImport(one.id, { ...clean, dry_run })
      keepDraft(one.id, undefined)
      onStarted()
    } catch (error) {
      setFailure(error as Error)
    } finally {
      setBusy(undefined)
    }
  }

  const called = failure instanceof CallError ? Object.values(failure.fields).flat().join(' ') : ''
  return (
    <>
      <Section title="The file" about={`${FORMAT_NAMES[data.format]}, as far as can be told.`}>
        <FileReading read={data.read} onChange={read} />
      </Section>
      <Section
        title="Columns"
        about="What each column is. Make fields for what you want to keep; ignore the rest."
      >
        <ColumnsTable columns={data.columns} mapping={mapping} fields={fields} onChange={retarget} />
        <p role="status" className={lacks ? 'text-danger' : 'sr-only'}>
          {lacks ?? 'The columns can be imported.'}
        </p>
      </Section>
      <Section title="Preview" about="The first rows, as they would come in.">
        <PreviewTable rows={data.rows} mapping={mapping} fields={fields} separator={options.tags_separator} />
      </Section>
      <Section title="Rules" about="They hold for every row of the file.">
        <RulesForm options={options} onChange={edit} />
      </Section>
      <div className="sticky bottom-0 z-10 -mx-4 flex flex-col gap-2 border-t border-line bg-ground px-4 py-3 lg:-mx-8 lg:px-8">
        <FormError>{failure && `${failure.message} ${called}`.trim()}</FormError>
        <div className="flex flex-wrap items-center justify-end gap-2">
          <p className="mr-auto text-soft max-sm:w-full">
            A dry run reads the whole file and writes nothing.
          </p>
          <Button busy={busy === 'real'} disabled={Boolean(lacks)} onClick={() => void start(false)}>
            Import without one
          </Button>
          <Button
            look="primary"
            busy={busy === 'dry'}
            disabled={Boolean(lacks)}
            onClick={() => void start(true)}
          >
            Start dry run
          </Button>
        </div>
      </div>
    </>
  )
}

/** Why rows with these columns could not be imported. */
function wrongWith(mapping: readonly ImportTarget[]): string | undefined {
  if (!mapping.includes('email')) return 'Say which column has the email addresses.'
  const twice = mapping.find((to, at) => to !== 'ignore' && to !== 'tags' && mapping.indexOf(to) !== at)
  return twice && 'Two columns go to the same place. Ignore one of them.'
}
