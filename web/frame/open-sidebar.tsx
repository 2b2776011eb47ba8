import { PanelLeft } from 'lucide-react'
import { IconButton } from '../ui/button.tsx'
import { sidebarOpen } from './sidebar-state.ts'

export function OpenSidebar() {
  return (
    <IconButton label="Menu" className="-ml-1.5 md:hidden" onClick={() => sidebarOpen.set(true)}>
      <PanelLeft size={17} aria-hidden />
    </IconButton>
  )
}
