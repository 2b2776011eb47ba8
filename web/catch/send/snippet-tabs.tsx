import { Tabs } from 'radix-ui'
import { CopyButton } from '../../ui/copy-button.tsx'
import { createStore } from '../../ui/store.ts'
import type { Target } from './snippets/snippet.ts'
import { snippets } from './snippets/snippets.ts'

const language = createStore('shell')

export function SnippetTabs({ target }: { target: Target }) {
  return (
    <Tabs.Root
      value={language.use()}
      onValueChange={language.set}
      className="overflow-hidden rounded-card border border-line"
    >
      <Tabs.List
        aria-label="Language"
        className="flex overflow-x-auto border-b border-line bg-sunk px-1.5 [scrollbar-width:none]"
      >
        {snippets(target).map(({ id, label }) => (
          <Tabs.Trigger
            key={id}
            value={id}
            className="inset-focus -mb-px h-10 shrink-0 border-b-2 border-transparent px-3 font-medium text-soft hover:text-ink data-[state=active]:border-brass data-[state=active]:text-ink pointer-coarse:h-11"
          >
            {label}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      {snippets(target).map(({ id, blocks }) => (
        <Tabs.Content key={id} value={id} className="inset-focus divide-y divide-line">
          {blocks.map(({ title, code }) => (
            <figure key={title} className="flex flex-col">
              <figcaption className="flex items-center justify-between gap-3 pt-2 pr-2 pl-4 text-small text-faint">
                {title}
                <CopyButton text={code} label={`Copy ${title}`} />
              </figcaption>
              <pre
                tabIndex={0}
                aria-label={title}
                className="inset-focus overflow-x-auto px-4 pt-1 pb-4 font-mono text-small leading-5 [tab-size:4]"
              >
                {code}
              </pre>
            </figure>
          ))}
        </Tabs.Content>
      ))}
    </Tabs.Root>
  )
}
