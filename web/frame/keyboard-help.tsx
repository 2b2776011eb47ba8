import { lazy } from 'react'
import { showDialog } from '../ui/dialogs.tsx'

const KeyboardDialog = lazy(() =>
  import('./keyboard-dialog.tsx').then(module => ({ default: module.KeyboardDialog })),
)

export function showKeyboardHelp(): void {
  showDialog(close => <KeyboardDialog onClose={close} />)
}
