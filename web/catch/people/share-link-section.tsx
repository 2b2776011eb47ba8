import { useQuery } from '@tanstack/react-query'
import { RotateCw } from 'lucide-react'
import { renewShareLink, shareLinkQuery } from '../../calls/shares.ts'
import { Section } from '../../frame/page.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { confirmed } from '../../ui/dialogs.tsx'
import { toast, toastFailure } from '../../ui/toasts.tsx'

export function ShareLinkSection({ projectId }: { projectId: number }) {
  const link = useQuery(shareLinkQuery(projectId)).data
  if (!link) return null
  return (
    <Section title="Share link" about="Whoever has it, and an account on this server, can join as a viewer.">
      <div className="flex items-center gap-2 rounded-card border border-line py-1.5 pr-2 pl-4">
        <code className="min-w-0 grow font-mono text-small break-all">{link}</code>
        <CopyButton text={link} label="Copy share link" />
      </div>
      <Button className="self-start" onClick={() => void renew(projectId)}>
        <RotateCw size={14} aria-hidden />
        New link
      </Button>
    </Section>
  )
}

async function renew(projectId: number): Promise<void> {
  const sure = await confirmed({
    title: 'Make a new share link?',
    text: 'The link of now stops working. Whoever has joined with it stays.',
    action: 'New link',
    danger: true,
  })
  if (!sure) return
  await renewShareLink(projectId).then(
    () => toast('There is a new share link.'),
    error => toastFailure('Not changed.', error),
  )
}
