import { useId, useState } from 'react'
import { pasteSuppressions, type SuppressionImportReply } from '../../calls/suppressions.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { FormError, inputClasses } from '../../ui/field.tsx'
import { counted } from '../../ui/size.ts'
import { useForm } from '../../ui/use-form.ts'

/** Many at once, and what became of each. */
export function PasteDialog({ onClose }: { onClose: () => void }) {
  const id = useId()
  const [reply, setReply] = useState<SuppressionImportReply>()
  const form = useForm({ text: '' }, async ({ text }) => {
    if (text.trim()) setReply(await pasteSuppressions(text))
  })
  if (reply)
    return (
      <Dialog title="Done" onClose={onClose}>
        <p role="status">
          {counted(reply.added, 'entry', 'entries')} added
          {reply.known > 0 && `, ${reply.known} were on the list before`}
          {reply.faults.length > 0 && `, ${counted(reply.faults.length, 'line')} not understood`}.
        </p>
        {reply.faults.length > 0 && (
          <ul
            aria-label="Lines not understood"
            className="max-h-52 overflow-y-auto rounded-card border border-line"
          >
            {reply.faults.map(({ line, reason, row }) => (
              <li
                key={line}
                className="border-b border-line px-3 py-2 last:border-0 [overflow-wrap:anywhere]"
              >
                <span className="text-faint">Line {line}:</span> <code className="font-mono">{row}</code>{' '}
                <span className="text-soft">{reason}</span>
              </li>
            ))}
          </ul>
        )}
        <div className="flex justify-end">
          <Button look="primary" onClick={onClose}>
            Close
          </Button>
        </div>
      </Dialog>
    )
  return (
    <Dialog title="Suppress many" about="One address or domain a line." onClose={onClose}>
      <form onSubmit={form.submit} noValidate className="flex flex-col gap-4">
        <FormError>{form.error ?? form.errorOf('text')}</FormError>
        <label htmlFor={id} className="sr-only">
          Addresses and domains, one a line
        </label>
        <textarea
          id={id}
          rows={9}
          spellCheck={false}
          autoCapitalize="off"
          className={classes(inputClasses, 'h-auto py-2 font-mono')}
          placeholder={'ann@example.com\nexample.org'}
          value={form.values.text}
          onChange={event => form.set('text', event.target.value)}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={form.busy} disabled={!form.values.text.trim()}>
            Suppress all
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
