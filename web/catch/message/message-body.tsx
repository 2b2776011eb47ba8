import { useNavigate, useSearch } from '@tanstack/react-router'
import { Tabs } from 'radix-ui'
import { lazy, type ReactNode, Suspense, useEffect, useRef } from 'react'
import type { MessageDetail, MessageSummary } from '../../../server/catch/api/wire.ts'
import { count } from '../../ui/size.ts'
import { State } from '../../ui/state.tsx'
import { Attachments } from './attachments.tsx'
import { HeaderTable } from './header-table.tsx'
import { HtmlPreview } from './html-preview.tsx'
import type { MessageTab } from './message-tab.ts'
import { RawSource } from './raw-source.tsx'
import { TextBody } from './text-body.tsx'

const HtmlSource = lazy(() => import('./html-source.tsx').then(module => ({ default: module.HtmlSource })))

const Checks = lazy(() => import('./checks/checks.tsx').then(module => ({ default: module.Checks })))

interface MessageBodyProps {
  message: MessageSummary
  detail: MessageDetail | undefined
}

export function MessageBody({ message, detail }: MessageBodyProps) {
  const { tab } = useSearch({ from: '/frame/inboxes/$inboxId/list/messages/$messageId' })
  const navigate = useNavigate()
  const usual: MessageTab = message.has_html ? 'html' : message.has_text ? 'text' : 'raw'
  const missing = (tab === 'html' || tab === 'source') && !message.has_html
  const shown = missing ? usual : (tab ?? usual)

  const tabs = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // On a narrow screen the row of tabs is scrolled.
    tabs.current
      ?.querySelector('[data-state="active"]')
      ?.scrollIntoView({ inline: 'nearest', block: 'nearest' })
  }, [shown])

  const choose = (next: string) =>
    void navigate({
      to: '.',
      search: ({ tab: _tab, ...rest }) => ({ ...rest, ...(next !== usual && { tab: next as MessageTab }) }),
      replace: true,
    })

  return (
    <Tabs.Root value={shown} onValueChange={choose} className="flex min-h-0 grow flex-col">
      <Tabs.List
        ref={tabs}
        aria-label="Parts of the message"
        className="flex shrink-0 gap-1 overflow-x-auto border-b border-line px-2.5 [scrollbar-width:none] lg:px-4"
      >
        <Tab value="html" disabled={!message.has_html}>
          HTML
        </Tab>
        <Tab value="source" disabled={!message.has_html}>
          HTML source
        </Tab>
        <Tab value="text" disabled={!message.has_text}>
          Text
        </Tab>
        <Tab value="checks">Checks</Tab>
        <Tab value="headers">Headers</Tab>
        <Tab value="raw">Raw</Tab>
        <Tab value="attachments">
          Attachments
          {message.attachments_count > 0 && (
            <span className="ml-1.5 rounded-full bg-hover px-1.5 text-micro tabular-nums">
              {count(message.attachments_count)}
            </span>
          )}
        </Tab>
      </Tabs.List>
      <Panel value="html">
        <HtmlPreview message={message} remoteContent={detail?.remote_content ?? 0} />
      </Panel>
      <Panel value="source">
        <Suspense fallback={null}>
          <HtmlSource id={message.id} />
        </Suspense>
      </Panel>
      <Panel value="text">
        <TextBody id={message.id} />
      </Panel>
      <Panel value="checks">
        <Suspense fallback={null}>
          <Checks id={message.id} />
        </Suspense>
      </Panel>
      <Panel value="headers">
        <HeaderTable id={message.id} />
      </Panel>
      <Panel value="raw">
        <RawSource id={message.id} size={message.size} />
      </Panel>
      <Panel value="attachments">
        {detail ? <Attachments attachments={detail.attachments} /> : <State title="Loading" />}
      </Panel>
    </Tabs.Root>
  )
}

function Tab({ value, disabled, children }: { value: MessageTab; disabled?: boolean; children: ReactNode }) {
  return (
    <Tabs.Trigger
      value={value}
      disabled={disabled ?? false}
      className="inset-focus -mb-px flex h-10 shrink-0 items-center border-b-2 border-transparent px-2.5 font-medium text-soft hover:text-ink data-disabled:cursor-not-allowed data-disabled:opacity-45 data-[state=active]:border-brass data-[state=active]:text-ink pointer-coarse:h-11"
    >
      {children}
    </Tabs.Trigger>
  )
}

function Panel({ value, children }: { value: MessageTab; children: ReactNode }) {
  return (
    <Tabs.Content
      value={value}
      className="inset-focus flex min-h-0 grow flex-col data-[state=inactive]:hidden"
    >
      {children}
    </Tabs.Content>
  )
}
