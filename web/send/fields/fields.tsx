import { useQuery } from '@tanstack/react-query'
import { GripVertical, ListPlus, Pencil, Plus, Trash2 } from 'lucide-react'
import { type DragEvent, type KeyboardEvent, lazy, useRef, useState } from 'react'
import { deleteField, type FieldWire, fieldsQuery, moveField } from '../../calls/fields.ts'
import { mayChange, useSession } from '../../calls/session.ts'
import { Page } from '../../frame/page.tsx'
import { Button, IconButton, iconButtonClasses } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { confirmed, showDialog } from '../../ui/dialogs.tsx'
import { useDocumentTitle } from '../../ui/document-title.ts'
import { counted } from '../../ui/size.ts'
import { State } from '../../ui/state.tsx'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { ListBreathing, ListFailed } from '../list-failed.tsx'
import { FIELD_KINDS } from './field-kinds.ts'

const FieldDialog = lazy(() => import('./field-dialog.tsx').then(module => ({ default: module.FieldDialog })))

function edit(field?: FieldWire): void {
  showDialog(close => <FieldDialog {...(field && { field })} onClose={close} />)
}

/** What the workspace knows of people beyond name and address. */
export function Fields() {
  useDocumentTitle('Fields')
  const change = mayChange(useSession().workspace?.role)
  const fields = useQuery(fieldsQuery)
  return (
    <Page
      title="Fields"
      about="What you know of people beyond name and address. Campaigns can say it, segments can ask for it, files and forms can bring it."
    >
      <div className="flex flex-col gap-4">
        {change && fields.data && fields.data.length > 0 && (
          <Button look="primary" className="self-start" onClick={() => edit()}>
            <Plus size={14} aria-hidden />
            Add field
          </Button>
        )}
        {fields.isPending && <ListBreathing />}
        {fields.isError && !fields.data && (
          <ListFailed what="The fields" error={fields.error} onRetry={() => void fields.refetch()} />
        )}
        {fields.data?.length === 0 && (
          <State
            picture={<ListPlus size={32} strokeWidth={1.5} aria-hidden />}
            title="No fields yet"
            actions={
              change && (
                <Button look="primary" onClick={() => edit()}>
                  Add field
                </Button>
              )
            }
          >
            A city, a birthday, a plan: text, number, date, yes or no, one of several or many of several.
          </State>
        )}
        {fields.data && fields.data.length > 0 && <FieldList fields={fields.data} change={change} />}
      </div>
    </Page>
  )
}

function FieldList({ fields, change }: { fields: FieldWire[]; change: boolean }) {
  const [dragged, setDragged] = useState<number>()
  const [over, setOver] = useState<number>()
  const [told, setTold] = useState('')
  const list = useRef<HTMLUListElement>(null)

  const move = async (field: FieldWire, position: number) => {
    if (position < 0 || position >= fields.length || fields[position] === field) return
    setTold(`${field.label} is at place ${position + 1} of ${fields.length}.`)
    await moveField(field.id, position).catch(error => toastFailure('Not moved.', error))
    list.current?.querySelector<HTMLElement>(`[data-handle="${field.id}"]`)?.focus()
  }
  const pressed = (field: FieldWire, index: number) => (event: KeyboardEvent) => {
    const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0
    if (by === 0) return
    event.preventDefault()
    void move(field, index + by)
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    const field = fields.find(one => one.id === dragged)
    if (field && over !== undefined) void move(field, over)
    setDragged(undefined)
    setOver(undefined)
  }

  return (
    <>
      <ul ref={list} aria-label="Fields" className="rounded-card border border-line" onDrop={drop}>
        {fields.map((field, index) => {
          const { icon: Icon, name } = FIELD_KINDS[field.kind]
          const from = fields.findIndex(one => one.id === dragged)
          return (
            <li
              key={field.id}
              onDragOver={event => {
                if (dragged === undefined) return
                event.preventDefault()
                setOver(index)
              }}
              className={classes(
                'flex min-h-14 items-center gap-3 border-b border-line py-1.5 pr-2 pl-2 last:border-0',
                field.id === dragged && 'opacity-50',
                dragged !== undefined &&
                  over === index &&
                  from !== index &&
                  (from < index
                    ? 'shadow-[inset_0_-2px_0_var(--brass)]'
                    : 'shadow-[inset_0_2px_0_var(--brass)]'),
              )}
            >
              {change && (
                <button
                  type="button"
                  draggable
                  data-handle={field.id}
                  data-own-arrows
                  aria-label={`Move ${field.label}, place ${index + 1}: arrow up and arrow down`}
                  title="Drag, or use the arrow keys"
                  className={classes(iconButtonClasses, 'cursor-grab')}
                  onKeyDown={pressed(field, index)}
                  onDragStart={event => {
                    event.dataTransfer.effectAllowed = 'move'
                    setDragged(field.id)
                  }}
                  onDragEnd={() => {
                    setDragged(undefined)
                    setOver(undefined)
                  }}
                >
                  <GripVertical size={15} aria-hidden />
                </button>
              )}
              <Icon size={16} className={classes('shrink-0 text-faint', !change && 'ml-2')} aria-hidden />
              <div className="min-w-0 grow">
                <div dir="auto" className="truncate text-left font-medium">
                  {field.label}
                </div>
                <div className="truncate text-small text-faint">
                  {name} · <code className="font-mono">{field.key}</code>
                  {field.options.length > 0 && <> · {field.options.join(', ')}</>}
                </div>
              </div>
              {change && (
                <span className="flex shrink-0">
                  <IconButton label={`Edit ${field.label}`} onClick={() => edit(field)}>
                    <Pencil size={14} aria-hidden />
                  </IconButton>
                  <IconButton
                    label={`Delete ${field.label}`}
                    className="hover:text-danger"
                    onClick={() => void remove(field)}
                  >
                    <Trash2 size={14} aria-hidden />
                  </IconButton>
                </span>
              )}
            </li>
          )
        })}
      </ul>
      <p className="text-small text-faint">
        {counted(fields.length, 'field')}, in the order that forms and people’s pages show them.
      </p>
      <span role="status" className="sr-only">
        {told}
      </span>
    </>
  )
}

async function remove(field: FieldWire): Promise<void> {
  const sure = await confirmed({
    title: `Delete the field “${field.label}”?`,
    text: `What is known in it is taken from everybody, for good. In mails its place stays empty, segments that ask for it match nobody by it, and forms no longer ask.`,
    action: 'Delete field',
    danger: true,
    typed: field.label,
  })
  if (!sure) return
  await deleteField(field.id).then(
    () => toast(`The field “${field.label}” is deleted.`),
    error => toastFailure('Not deleted.', error),
  )
}
