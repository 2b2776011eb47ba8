import { Tabs } from 'radix-ui'
import type { FormWire } from '../../../server/send/api/forms-wire.ts'
import { CopyButton } from '../../ui/copy-button.tsx'

/** What is put into a page of one's own. */
export function EmbedCode({ form: { embed, url } }: { form: FormWire }) {
  const kinds = [
    {
      id: 'html',
      label: 'HTML',
      code: embed.html,
      about: 'Plain HTML, without a script: the answer is a page of ours.',
    },
    {
      id: 'script',
      label: 'HTML and script',
      code: embed.script,
      about:
        'The same form; a small script shows the answer in place. Its site must be named under Protection.',
    },
    { id: 'link', label: 'Link', code: url, about: 'The page itself, for mails, profiles and QR codes.' },
  ]
  return (
    <Tabs.Root defaultValue="html" className="overflow-hidden rounded-card border border-line">
      <Tabs.List
        aria-label="Kind of code"
        className="flex overflow-x-auto border-b border-line bg-sunk px-1.5 [scrollbar-width:none]"
      >
        {kinds.map(({ id, label }) => (
          <Tabs.Trigger
            key={id}
            value={id}
            className="inset-focus -mb-px h-10 shrink-0 border-b-2 border-transparent px-3 font-medium text-soft hover:text-ink data-[state=active]:border-brass data-[state=active]:text-ink pointer-coarse:h-11"
          >
            {label}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      {kinds.map(({ id, label, code, about }) => (
        <Tabs.Content key={id} value={id} className="inset-focus">
          <div className="flex items-center justify-between gap-3 pt-2 pr-2 pl-4 text-soft">
            {about}
            <CopyButton text={code} label={`Copy ${label}`} words="Copy" />
          </div>
          <pre
            tabIndex={0}
            aria-label={label}
            className="inset-focus max-h-80 overflow-auto px-4 pt-2 pb-4 font-mono text-small leading-5"
          >
            {code}
          </pre>
        </Tabs.Content>
      ))}
    </Tabs.Root>
  )
}
