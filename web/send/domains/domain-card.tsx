import { ChevronDown, CircleAlert, CircleCheck, CircleHelp, CircleX, RefreshCw, Trash2 } from 'lucide-react'
import { useId, useState } from 'react'
import {
  checkSendingDomain,
  deleteSendingDomain,
  type DomainRecordWire,
  type SendingDomainWire,
} from '../../calls/sending-domains.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { confirmed } from '../../ui/dialogs.tsx'
import { counted } from '../../ui/size.ts'
import { exactTime, useNow } from '../../ui/time.ts'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { ago } from '../ago.ts'

/** What other servers do with each, in a few words. */
const PURPOSES: Record<DomainRecordWire['purpose'], { name: string; about: string }> = {
  dkim_rsa: { name: 'DKIM', about: 'The key that the signatures are checked with.' },
  dkim_ed25519: { name: 'DKIM, Ed25519', about: 'A second, shorter key, for servers that know it.' },
  spf: { name: 'SPF', about: 'Which servers may send in the name of the domain.' },
  dmarc: { name: 'DMARC', about: 'What to do with mail that passes neither. Gmail and Yahoo ask for it.' },
  return_path: { name: 'Return path', about: 'Where bounces come back to.' },
  ptr: { name: 'Reverse DNS', about: 'The name of the address that your mail leaves from.' },
}

const STATES: Record<DomainRecordWire['state'], { name: string; icon: typeof CircleX; look: string }> = {
  ok: { name: 'Right', icon: CircleCheck, look: 'bg-good-wash text-good' },
  missing: { name: 'Missing', icon: CircleX, look: 'bg-danger-wash text-danger' },
  wrong: { name: 'Wrong', icon: CircleAlert, look: 'bg-danger-wash text-danger' },
  unknown: { name: 'Not checked', icon: CircleHelp, look: 'bg-hover text-soft' },
}

export function DomainCard({ domain, change }: { domain: SendingDomainWire; change: boolean }) {
  const { id, records, checked_at } = domain
  const [checking, setChecking] = useState(false)
  const now = useNow()
  const wanting = wantingIn(domain)
  const check = async () => {
    setChecking(true)
    try {
      const bad = wantingIn(await checkSendingDomain(id))
      toast(bad === 0 ? 'All records are right.' : `${counted(bad, 'record')} to be set or mended.`)
    } catch (error) {
      toastFailure('Not checked.', error)
    }
    setChecking(false)
  }
  return (
    <section aria-label={domain.domain} className="overflow-hidden rounded-card border border-line">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line bg-sunk py-2 pr-2 pl-4">
        <div className="flex min-w-40 grow flex-col">
          <h2 className="text-body font-semibold [overflow-wrap:anywhere]">{domain.domain}</h2>
          <span className="text-small text-soft">
            {checked_at === null ? (
              'DNS was not asked yet'
            ) : (
              <>
                {wanting === 0 ? 'Everything is right' : `${counted(wanting, 'record')} to be set or mended`}
                {', asked '}
                <time dateTime={checked_at} title={exactTime(checked_at)}>
                  {ago(checked_at, now)}
                </time>
              </>
            )}
          </span>
        </div>
        {change && (
          <>
            <Button busy={checking} onClick={() => void check()}>
              <RefreshCw size={14} className={checking ? 'animate-breathe' : ''} aria-hidden />
              {checked_at === null ? 'Check' : 'Check again'}
            </Button>
            <IconButton
              label={`Delete ${domain.domain}`}
              className="hover:text-danger"
              onClick={() => void remove(domain)}
            >
              <Trash2 size={14} aria-hidden />
            </IconButton>
          </>
        )}
      </div>
      <ul aria-label={`Records of ${domain.domain}`}>
        {records.map(record => (
          <Record key={`${record.purpose} ${record.host}`} record={record} />
        ))}
      </ul>
    </section>
  )
}

function wantingIn({ records }: SendingDomainWire): number {
  return records.filter(({ state }) => state === 'missing' || state === 'wrong').length
}

function Record({ record }: { record: DomainRecordWire }) {
  const { purpose, host, type, value, strings, state, found, advice } = record
  const { name, about } = PURPOSES[purpose]
  const { icon: Icon, name: stateName, look } = STATES[state]
  const id = useId()
  // What is right needs no attention.
  const [open, setOpen] = useState(state !== 'ok')
  return (
    <li className="border-b border-line last:border-0">
      <button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
        className="inset-focus group/record flex w-full items-center gap-3 py-2.5 pr-3 pl-4 text-left hover:bg-hover"
      >
        <span className="w-26 shrink-0">
          <span
            className={classes(
              'inline-flex h-5 items-center gap-1 rounded-full px-2 text-small font-medium',
              look,
            )}
          >
            <Icon size={12} aria-hidden />
            {stateName}
          </span>
        </span>
        <span className="flex min-w-0 grow flex-wrap items-baseline gap-x-2">
          <span className="font-medium">{name}</span>
          <span className="text-small text-soft max-sm:hidden">{about}</span>
        </span>
        <ChevronDown
          size={15}
          className="shrink-0 text-faint transition-transform duration-100 group-aria-expanded/record:rotate-180"
          aria-hidden
        />
      </button>
      <div id={id} hidden={!open} className="flex flex-col gap-2.5 px-4 pb-4">
        {advice && <p className="text-pretty text-soft">{advice}</p>}
        <dl className="overflow-hidden rounded-control border border-line">
          <Row label="Type" value={type} />
          <Row label="Name" value={host} copy={`Copy the name of ${name}`} />
          <Row label="Value" value={value} copy={`Copy the value of ${name}`} />
          {/* Most forms of DNS providers cut it up by themselves; zone files do not. */}
          {strings.length > 1 && (
            <Row
              label="Zone file"
              value={strings.map(text => `"${text}"`).join(' ')}
              copy={`Copy the value of ${name} for a zone file`}
            />
          )}
          {found.length > 0 && state !== 'ok' && <Row label="Found" value={found.join('\n')} />}
        </dl>
      </div>
    </li>
  )
}

function Row({ label, value, copy }: { label: string; value: string; copy?: string }) {
  return (
    <div className="flex min-h-9 items-start gap-3 border-b border-line py-1 pr-1.5 pl-3 last:border-0">
      <dt className="w-15 shrink-0 py-1 text-small text-soft">{label}</dt>
      <dd className="min-w-0 grow py-1 font-mono text-small break-all whitespace-pre-wrap">{value}</dd>
      {copy && (
        <dd>
          <CopyButton text={value} label={copy} />
        </dd>
      )}
    </div>
  )
}

async function remove({ id, domain }: SendingDomainWire): Promise<void> {
  const sure = await confirmed({
    title: `Delete ${domain}?`,
    text: 'Its keys are gone for good, and mail from it is no longer signed. Added again it has new keys, and its records have to be set anew.',
    action: 'Delete domain',
    danger: true,
    typed: domain,
  })
  if (!sure) return
  await deleteSendingDomain(id).then(
    () => toast(`${domain} is deleted.`),
    error => toastFailure('Not deleted.', error),
  )
}
