import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { FormSettings } from '../../../server/send/api/forms-wire.ts'
import { formPreviewQuery } from '../../calls/forms.ts'
import { classes } from '../../ui/classes.ts'
import { useSettled } from '../segments/use-settled.ts'

/** The page as people will see it; nothing in it does anything. */
export function FormPreview({ settings }: { settings: FormSettings }) {
  const [thanks, setThanks] = useState(false)
  const settled = useSettled(settings, 250)
  const preview = useQuery({ ...formPreviewQuery(settled, thanks), placeholderData: keepPreviousData })
  return (
    <section aria-label="Preview" className="flex flex-col overflow-hidden rounded-card border border-line">
      <div className="flex items-center gap-1 border-b border-line bg-sunk px-2 py-1.5">
        <h2 className="mr-auto px-1 font-medium">Preview</h2>
        {[
          { label: 'Form', value: false },
          { label: 'Afterwards', value: true },
        ].map(({ label, value }) => (
          <button
            key={label}
            type="button"
            aria-pressed={thanks === value}
            onClick={() => setThanks(value)}
            className="reach h-7 rounded-control px-2.5 text-soft hover:bg-hover hover:text-ink aria-pressed:bg-chosen aria-pressed:text-brass-text"
          >
            {label}
          </button>
        ))}
      </div>
      {preview.data === undefined ? (
        <div className="grid h-[32rem] place-items-center p-6 text-center text-soft">
          {preview.isError ? (
            <p role="alert">The page cannot be shown: {preview.error.message}</p>
          ) : (
            <span aria-busy="true" className="h-full w-full animate-breathe rounded-card bg-sunk" />
          )}
        </div>
      ) : (
        <iframe
          title="The page of the form"
          sandbox=""
          srcDoc={preview.data}
          tabIndex={0}
          className={classes('inset-focus h-[32rem] w-full', preview.isError && 'opacity-50')}
        />
      )}
    </section>
  )
}
