import { useQuery } from '@tanstack/react-query'
import { Image, Paperclip, X } from 'lucide-react'
import { useId, useRef, useState } from 'react'
import { attach, attachmentsQuery, type CampaignAttachment, detach } from '../../../calls/campaigns.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { classes } from '../../../ui/classes.ts'
import { readableSize } from '../../../ui/size.ts'
import { toastFailure } from '../../../ui/toasts.tsx'

interface AttachmentsProps {
  campaignId: number | null
  /** Makes the campaign if it is not there yet; null: it cannot be made. */
  make: () => Promise<number | null>
}

interface Upload {
  name: string
  /** 0 to 1. */
  share: number
}

/** Files that go along, and pictures that the mail carries within itself. */
export function Attachments({ campaignId, make }: AttachmentsProps) {
  const id = useId()
  const list = useQuery({ ...attachmentsQuery(campaignId ?? 0), enabled: campaignId !== null })
  const files = useRef<HTMLInputElement>(null)
  const pictures = useRef<HTMLInputElement>(null)
  const [uploads, setUploads] = useState<readonly Upload[]>([])
  const [over, setOver] = useState(false)
  const all = list.data ?? []
  const total = all.reduce((sum, { size }) => sum + size, 0)

  const take = async (given: FileList | null, inline: boolean) => {
    const chosen = [...(given ?? [])]
    if (chosen.length === 0) return
    const campaign = await make()
    if (campaign === null) return toastFailure('Not attached: the campaign is not saved yet.', undefined)
    for (const file of chosen) {
      const upload = (share: number) =>
        setUploads(now => [...now.filter(({ name }) => name !== file.name), { name: file.name, share }])
      upload(0)
      await attach(campaign, file, inline, upload).catch(error =>
        toastFailure(`“${file.name}” was not attached.`, error),
      )
      setUploads(now => now.filter(({ name }) => name !== file.name))
    }
  }

  return (
    <section
      aria-labelledby={`${id}-title`}
      onDragOver={event => {
        if (![...event.dataTransfer.types].includes('Files')) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={event => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false)
      }}
      onDrop={event => {
        event.preventDefault()
        setOver(false)
        void take(event.dataTransfer.files, false)
      }}
      className={classes(
        'flex flex-col gap-3 rounded-card outline-2 outline-offset-8 outline-transparent outline-dashed',
        over && 'outline-brass-mark',
      )}
    >
      <div className="flex flex-wrap items-center gap-2">
        <h2 id={`${id}-title`} className="text-body font-semibold">
          Attachments
        </h2>
        {total > 0 && <span className="text-small text-faint tabular-nums">{readableSize(total)}</span>}
        <span className="ml-auto flex flex-wrap gap-2">
          <Button className="h-7 px-2.5" onClick={() => files.current?.click()}>
            <Paperclip size={14} aria-hidden />
            Attach files
          </Button>
          <Button className="h-7 px-2.5" onClick={() => pictures.current?.click()}>
            <Image size={14} aria-hidden />
            Inline picture
          </Button>
        </span>
        <Chooser field={files} label="Files to attach" onFiles={given => void take(given, false)} />
        <Chooser
          field={pictures}
          label="Pictures to carry inline"
          pictures
          onFiles={given => void take(given, true)}
        />
      </div>
      {list.isError && !list.data && (
        <p role="alert" className="text-danger">
          The attachments could not be loaded. {list.error.message}
        </p>
      )}
      {(all.length > 0 || uploads.length > 0) && (
        <ul aria-label="Attachments" className="rounded-card border border-line">
          {all.map(attachment => (
            <Row key={attachment.id} campaignId={campaignId ?? 0} attachment={attachment} />
          ))}
          {uploads.map(({ name, share }) => (
            <li key={name} className="flex items-center gap-3 border-b border-line px-3 py-2 last:border-0">
              <span dir="auto" className="min-w-0 grow truncate text-left">
                {name}
              </span>
              <span className="text-small text-soft tabular-nums">{Math.round(share * 100)} %</span>
            </li>
          ))}
        </ul>
      )}
      {total > 1_000_000 && (
        <p className="text-soft">
          {readableSize(total)} go to everybody. Large mails are slow, and more often taken for spam: a link
          to a file does better.
        </p>
      )}
    </section>
  )
}

interface ChooserProps {
  field: React.RefObject<HTMLInputElement | null>
  label: string
  pictures?: boolean
  onFiles: (files: FileList | null) => void
}

function Chooser({ field, label, pictures = false, onFiles }: ChooserProps) {
  return (
    <input
      ref={field}
      type="file"
      hidden
      multiple
      {...(pictures && { accept: 'image/*' })}
      aria-label={label}
      onChange={event => {
        const kept = new DataTransfer()
        for (const file of event.target.files ?? []) kept.items.add(file)
        event.target.value = ''
        onFiles(kept.files)
      }}
    />
  )
}

function Row({ campaignId, attachment }: { campaignId: number; attachment: CampaignAttachment }) {
  const { id, name, size, content_id } = attachment
  const [busy, setBusy] = useState(false)
  const tag = `<img src="cid:${content_id}" alt="">`
  return (
    <li className="flex items-center gap-2 border-b border-line py-1.5 pr-1.5 pl-3 last:border-0">
      {content_id ? (
        <Image size={15} className="shrink-0 text-faint" aria-hidden />
      ) : (
        <Paperclip size={15} className="shrink-0 text-faint" aria-hidden />
      )}
      <span dir="auto" className="min-w-0 grow truncate text-left" title={name}>
        {name}
      </span>
      {content_id && (
        <>
          <code className="min-w-0 truncate font-mono text-small text-soft max-sm:hidden">
            cid:{content_id}
          </code>
          <CopyButton text={tag} label={`Copy the tag that shows ${name}`} />
        </>
      )}
      <span className="shrink-0 text-small text-faint tabular-nums">{readableSize(size)}</span>
      <IconButton
        label={`Remove ${name}`}
        className="hover:text-danger"
        disabled={busy}
        onClick={() => {
          setBusy(true)
          detach(campaignId, id).catch(error => {
            setBusy(false)
            toastFailure(`“${name}” was not removed.`, error)
          })
        }}
      >
        <X size={14} aria-hidden />
      </IconButton>
    </li>
  )
}
