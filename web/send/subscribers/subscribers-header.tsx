import { Link } from '@tanstack/react-router'
import { Download, FileUp, MoreHorizontal, UserPlus } from 'lucide-react'
import { exportPath } from '../../calls/subscribers.ts'
import { OpenSidebar } from '../../frame/open-sidebar.tsx'
import { Button, buttonClasses } from '../../ui/button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { count, counted } from '../../ui/size.ts'
import { download } from '../download.ts'
import { addSubscriber } from './add-subscriber.tsx'

/** The title of the list, how many there are, and the ways in and out. */
export function SubscribersHeader({ total, change }: { total: number | undefined; change: boolean }) {
  return (
    <header className="flex h-13 shrink-0 items-center gap-2 border-b border-line pr-3 pl-4 lg:pr-6 lg:pl-8">
      <OpenSidebar />
      <div className="flex min-w-0 grow items-baseline gap-2.5">
        <h1 tabIndex={-1} className="truncate text-lead font-semibold tracking-tight outline-none">
          Subscribers
        </h1>
        {total !== undefined && (
          <span className="shrink-0 text-small text-faint tabular-nums" title={counted(total, 'subscriber')}>
            {count(total)}
          </span>
        )}
      </div>
      {change && (
        <>
          <Link to="/imports/new" className={buttonClasses('plain', 'max-sm:hidden')}>
            <FileUp size={14} aria-hidden />
            Import
          </Link>
          <Button look="primary" onClick={addSubscriber}>
            <UserPlus size={14} aria-hidden />
            Add
          </Button>
          <Menu
            label="More"
            entries={[
              {
                label: 'Export everybody as CSV',
                icon: Download,
                act: () => download(exportPath({})),
              },
            ]}
          >
            <MoreHorizontal size={17} aria-hidden />
          </Menu>
        </>
      )}
      <span className="corner" />
    </header>
  )
}
