import { TriangleAlert } from 'lucide-react'
import type { MessageDetail } from '../../../server/catch/api/wire.ts'
import { exactTime } from '../../ui/time.ts'
import { Line } from './message-header.tsx'

const SOURCES = { smtp: 'SMTP', api: 'API', import: 'Import' } as const

/** How it was handed over, which its own header need not agree with, and what was odd about it. */
export function EnvelopeDetails({ detail }: { detail: MessageDetail }) {
  const { envelope, notes } = detail
  return (
    <div className="mt-2 flex animate-fade flex-col gap-3 rounded-card border border-line bg-sunk p-3 text-small">
      {notes.length > 0 && (
        <ul className="flex flex-col gap-1 text-brass-text">
          {notes.map(note => (
            <li key={`${note.code} ${note.text}`} className="flex gap-2">
              <TriangleAlert size={13} className="mt-0.5 shrink-0" aria-hidden />
              {note.text}
            </li>
          ))}
        </ul>
      )}
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
        {detail.reply_to.length > 0 && (
          <Line label="Reply-To">{detail.reply_to.map(({ email }) => email).join(', ')}</Line>
        )}
        <Line label="Date header">{exactTime(detail.sent_at)}</Line>
        <Line label="Received">{exactTime(envelope.received_at)}</Line>
        {detail.message_id && (
          <Line label="Message-ID">
            <span className="font-mono">{detail.message_id}</span>
          </Line>
        )}
        <Line label="Envelope from">
          <span className="font-mono">{envelope.mail_from || '<>'}</span>
        </Line>
        <Line label="Envelope to">
          <span className="font-mono">{envelope.rcpt_to.join(', ') || 'nobody'}</span>
        </Line>
        <Line label="Came by">
          {[
            SOURCES[envelope.source],
            envelope.client_ip && `from ${envelope.client_ip}`,
            envelope.helo && `as ${envelope.helo}`,
          ]
            .filter(Boolean)
            .join(' ')}
        </Line>
        {envelope.source === 'smtp' && (
          <>
            <Line label="TLS">{envelope.tls ?? 'not used'}</Line>
            <Line label="Login">{envelope.login ?? 'none'}</Line>
          </>
        )}
      </dl>
    </div>
  )
}
