import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import type { Question } from './dialogs.tsx'

export function ConfirmDialog({
  title,
  text,
  action,
  danger = false,
  answer,
}: Question & { answer: (yes: boolean) => void }) {
  return (
    <Dialog title={title} about={text} alert onClose={() => answer(false)}>
      <div className="flex justify-end gap-2">
        <Button onClick={() => answer(false)}>Cancel</Button>
        <Button look={danger ? 'danger' : 'primary'} onClick={() => answer(true)}>
          {action}
        </Button>
      </div>
    </Dialog>
  )
}
