import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Pencil, Tag as TagIcon, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { TagWire } from '../../../server/send/api/subscribers-wire.ts'
import { mayChange, useSession } from '../../calls/session.ts'
import { createTag, deleteTag, renameTag, tagsQuery } from '../../calls/tags.ts'
import { NameDialog } from '../../frame/name-dialog.tsx'
import { Page } from '../../frame/page.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { confirmed, showDialog } from '../../ui/dialogs.tsx'
import { useDocumentTitle } from '../../ui/document-title.ts'
import { Field, FormError } from '../../ui/field.tsx'
import { SearchBox } from '../../ui/search-box.tsx'
import { count, counted } from '../../ui/size.ts'
import { State } from '../../ui/state.tsx'
import { exactTime, readableDay } from '../../ui/time.ts'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { useForm } from '../../ui/use-form.ts'
import { ListBreathing, ListFailed } from '../list-failed.tsx'

/** From here on one searches rather than reads. */
const MANY = 12

export function Tags() {
  useDocumentTitle('Tags')
  const change = mayChange(useSession().workspace?.role)
  const tags = useQuery(tagsQuery)
  const [search, setSearch] = useState('')
  const shown = tags.data?.filter(tag => tag.name.toLowerCase().includes(search.toLowerCase()))
  return (
    <Page
      title="Tags"
      about="Words for groups of people: who gets a campaign, where they came from, what they like."
    >
      <div className="flex flex-col gap-4">
        {change && <NewTag />}
        {(tags.data?.length ?? 0) > MANY && (
          <div className="flex max-w-sm">
            <SearchBox label="Search tags" value={search} onSearch={setSearch} onLeave={() => {}} />
          </div>
        )}
        {tags.isPending && <ListBreathing />}
        {tags.isError && !tags.data && (
          <ListFailed what="The tags" error={tags.error} onRetry={() => void tags.refetch()} />
        )}
        {tags.data?.length === 0 && (
          <State picture={<TagIcon size={32} strokeWidth={1.5} aria-hidden />} title="No tags yet">
            Make one here, or give one to somebody in the list of subscribers. An import can bring them too.
          </State>
        )}
        {shown && tags.data && tags.data.length > 0 && (
          <ul aria-label="Tags" className="rounded-card border border-line">
            {shown.length === 0 && <li className="p-4 text-soft">No tag has “{search}” in its name.</li>}
            {shown.map(tag => (
              <TagRow key={tag.id} tag={tag} change={change} />
            ))}
          </ul>
        )}
      </div>
    </Page>
  )
}

function TagRow({ tag, change }: { tag: TagWire; change: boolean }) {
  return (
    <li className="flex min-h-12 items-center gap-3 border-b border-line py-1 pr-2 pl-4 last:border-0">
      <TagIcon size={15} className="shrink-0 text-faint" aria-hidden />
      <span dir="auto" className="min-w-0 grow truncate text-left font-medium" title={tag.name}>
        {tag.name}
      </span>
      <Link
        to="/subscribers"
        search={{ tag: tag.id }}
        className="reach shrink-0 rounded-tight px-1 text-soft tabular-nums underline-offset-2 hover:text-ink hover:underline"
      >
        {counted(tag.subscribers_count, 'subscriber')}
      </Link>
      <time
        dateTime={tag.created_at}
        title={exactTime(tag.created_at)}
        className="w-24 shrink-0 text-right text-small text-faint max-sm:hidden"
      >
        {readableDay(tag.created_at)}
      </time>
      {change && (
        <span className="flex shrink-0">
          <IconButton label={`Rename ${tag.name}`} onClick={() => rename(tag)}>
            <Pencil size={14} aria-hidden />
          </IconButton>
          <IconButton
            label={`Delete ${tag.name}`}
            className="hover:text-danger"
            onClick={() => void remove(tag)}
          >
            <Trash2 size={14} aria-hidden />
          </IconButton>
        </span>
      )}
    </li>
  )
}

function NewTag() {
  const form = useForm({ name: '' }, async ({ name }) => {
    if (!name.trim()) return
    await createTag(name.trim())
    form.set('name', '')
    toast(`The tag “${name.trim()}” is made.`)
  })
  return (
    <form onSubmit={form.submit} noValidate className="flex flex-col gap-3">
      <FormError>{form.error}</FormError>
      <div className="flex items-start gap-3">
        <Field
          label="New tag"
          className="max-w-sm min-w-0 grow"
          autoComplete="off"
          maxLength={255}
          placeholder="Newsletter"
          value={form.values.name}
          error={form.errorOf('name')}
          onChange={event => form.set('name', event.target.value)}
        />
        <Button type="submit" look="primary" className="mt-6.5 h-9" busy={form.busy}>
          Add tag
        </Button>
      </div>
    </form>
  )
}

function rename(tag: TagWire): void {
  showDialog(close => (
    <NameDialog
      title="Rename tag"
      about="Everybody who has it has it under the new name."
      label="Name"
      value={tag.name}
      action="Rename"
      onClose={close}
      save={name => renameTag(tag.id, name)}
    />
  ))
}

async function remove(tag: TagWire): Promise<void> {
  const sure = await confirmed({
    title: `Delete the tag “${tag.name}”?`,
    text:
      tag.subscribers_count === 0
        ? 'Nobody has it. Segments that ask for it match nobody by it any more.'
        : `${count(tag.subscribers_count)} ${tag.subscribers_count === 1 ? 'person loses' : 'people lose'} it; they stay subscribers. Segments and drafts that ask for it match nobody by it any more.`,
    action: 'Delete tag',
    danger: true,
  })
  if (!sure) return
  await deleteTag(tag.id).then(
    () => toast(`The tag “${tag.name}” is deleted.`),
    error => toastFailure('Not deleted.', error),
  )
}
