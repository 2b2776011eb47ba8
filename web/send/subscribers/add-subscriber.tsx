import { lazy } from 'react'
import { showDialog } from '../../ui/dialogs.tsx'

const AddDialog = lazy(() => import('./add-dialog.tsx').then(module => ({ default: module.AddDialog })))

export function addSubscriber(): void {
  showDialog(close => <AddDialog onClose={close} />)
}
