import {
  Download,
  File,
  FileArchive,
  FileAudio,
  FileCode,
  FileImage,
  FileSpreadsheet,
  FileText,
  FileVideo,
  type LucideIcon,
  Mail,
  Calendar,
  Paperclip,
} from 'lucide-react'
import type { AttachmentSummary } from '../../../server/catch/api/wire.ts'
import { buttonClasses } from '../../ui/button.tsx'
import { readableSize } from '../../ui/size.ts'
import { State } from '../../ui/state.tsx'

const ICONS: [type: RegExp, icon: LucideIcon][] = [
  [/^image\//, FileImage],
  [/^audio\//, FileAudio],
  [/^video\//, FileVideo],
  [/^message\//, Mail],
  [/calendar/, Calendar],
  [/csv|excel|spreadsheet/, FileSpreadsheet],
  [/zip|tar|compressed|7z|rar/, FileArchive],
  [/html|xml|json|javascript|pkcs|pgp/, FileCode],
  [/^text\/|pdf|word|opendocument/, FileText],
]

export function Attachments({ attachments }: { attachments: readonly AttachmentSummary[] }) {
  if (attachments.length === 0)
    return (
      <State title="Nothing is attached" picture={<Paperclip size={28} strokeWidth={1.5} aria-hidden />}>
        Files and inline images of a message are listed here.
      </State>
    )
  return (
    <ul className="min-h-0 grow overflow-y-auto px-4 py-2 lg:px-6">
      {attachments.map(attachment => {
        const Icon = ICONS.find(([type]) => type.test(attachment.content_type))?.[1] ?? File
        const name = attachment.filename || '(no name)'
        return (
          <li
            key={attachment.id}
            className="flex items-center gap-3 border-b border-line py-2.5 last:border-0"
          >
            <Icon size={20} strokeWidth={1.5} className="shrink-0 text-faint" aria-hidden />
            <div className="min-w-0 grow">
              <div dir="auto" className="truncate text-left text-body font-medium" title={name}>
                {name}
              </div>
              <div className="truncate text-small text-faint tabular-nums">
                {readableSize(attachment.size)} · {attachment.content_type}
                {attachment.attachment_type === 'inline' && ' · inline'}
              </div>
            </div>
            <a
              href={attachment.download_url}
              download
              aria-label={`Download ${name}`}
              className={buttonClasses('plain')}
            >
              <Download size={14} aria-hidden />
              <span className="max-sm:hidden">Download</span>
            </a>
          </li>
        )
      })}
    </ul>
  )
}
