import { type FormEvent, useState } from 'react'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Field } from '../../../ui/field.tsx'

interface LinkDialogProps {
  address: string
  /** Empty: no link any more. */
  onLink: (address: string) => void
  onClose: () => void
}

export function LinkDialog({ address, onLink, onClose }: LinkDialogProps) {
  const [text, setText] = useState(address || 'https://')
  const [wrong, setWrong] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    // Of a form whose events would reach the one around it.
    event.stopPropagation()
    const given = withScheme(text.trim())
    if (given === undefined) return setWrong(true)
    onClose()
    onLink(given)
  }
  return (
    <Dialog title={address ? 'Change the link' : 'Link'} onClose={onClose}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-5">
        <Field
          label="Address"
          value={text}
          autoComplete="off"
          spellCheck={false}
          error={wrong ? 'That is no address: it looks like https://example.com/page.' : undefined}
          hint="Or {{unsubscribe_url}}, {{webview_url}}, mailto:you@example.com."
          onChange={event => {
            setText(event.target.value)
            setWrong(false)
          }}
        />
        <div className="flex justify-end gap-2">
          {address && (
            <Button
              look="quiet"
              className="mr-auto"
              onClick={() => {
                onClose()
                onLink('')
              }}
            >
              Remove link
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary">
            {address ? 'Change' : 'Link'}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

/** Undefined: nothing leads there. */
function withScheme(text: string): string | undefined {
  if (/^(\{\{[^{}]+\}\}|mailto:.+@.+|tel:.+|#.*)$/i.test(text)) return text
  const whole = /^https?:\/\//i.test(text) ? text : `https://${text}`
  return URL.canParse(whole) && /^https?:\/\/([^/?#]*\.[^/?#]|localhost|\{\{)/i.test(whole)
    ? whole
    : undefined
}
