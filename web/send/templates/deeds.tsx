import { lazy } from 'react'
import {
  changeTemplate,
  deleteTemplate,
  duplicateTemplate,
  type TemplateSummary,
} from '../../calls/templates.ts'
import { confirmed, showDialog } from '../../ui/dialogs.tsx'
import { counted } from '../../ui/size.ts'
import { toast, toastFailure } from '../../ui/toasts.tsx'

const NameDialog = lazy(() =>
  import('../../frame/name-dialog.tsx').then(module => ({ default: module.NameDialog })),
)

export function rename({ id, name }: Pick<TemplateSummary, 'id' | 'name'>): void {
  showDialog(close => (
    <NameDialog
      title="Rename template"
      label="Name"
      value={name}
      action="Rename"
      onClose={close}
      save={async next => {
        await changeTemplate(id, { name: next })
        toast('Renamed.')
      }}
    />
  ))
}

export async function duplicate({ id }: Pick<TemplateSummary, 'id'>): Promise<void> {
  await duplicateTemplate(id).then(
    copy => toast(`“${copy.name}” is there.`),
    error => toastFailure('Not duplicated.', error),
  )
}

/** Answers whether it is gone. */
export async function remove({ id, name, used_by }: TemplateSummary): Promise<boolean> {
  if (used_by > 0) {
    toastFailure(`“${name}” is used by ${counted(used_by, 'campaign')} and cannot be deleted.`, undefined)
    return false
  }
  const sure = await confirmed({
    title: `Delete the template “${name}”?`,
    text: 'It goes with all its versions, for good.',
    action: 'Delete template',
    danger: true,
  })
  if (!sure) return false
  try {
    await deleteTemplate(id)
    toast('Template deleted.')
    return true
  } catch (error) {
    toastFailure('Not deleted.', error)
    return false
  }
}
