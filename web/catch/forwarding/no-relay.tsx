import { CopyButton } from '../../ui/copy-button.tsx'

const SETTING = 'POSTHORN_RELAY_URL=smtp://user:password@mail.example.com:587'

/** Nothing is wrong: most servers that catch mail are meant to let none out. */
export function NoRelay() {
  return (
    <div className="flex flex-col gap-2.5 rounded-card border border-line bg-sunk p-4">
      <p className="max-w-[68ch] text-pretty">
        <strong className="font-semibold">This server has no way out.</strong>{' '}
        <span className="text-soft">
          Nothing leaves it until whoever runs it names a mail server that takes its mail. Rules can be made
          already: they wait until then.
        </span>
      </p>
      <div className="flex items-center gap-2">
        <code className="min-w-0 grow rounded-control border border-line bg-ground px-3 py-2 font-mono text-small break-all">
          {SETTING}
        </code>
        <CopyButton text={SETTING} label="Copy the setting" />
      </div>
    </div>
  )
}
