import { BlacklistsSection } from './blacklists-section.tsx'
import { HtmlSection } from './html-section.tsx'
import { SpamSection } from './spam-section.tsx'

/** What can be said about a message; each check comes when it is done. */
export function Checks({ id }: { id: number }) {
  return (
    <div className="min-h-0 grow overflow-y-auto px-4 lg:px-6">
      <SpamSection id={id} />
      <HtmlSection id={id} />
      <BlacklistsSection id={id} />
    </div>
  )
}
