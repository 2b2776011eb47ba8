import { Dialog } from 'radix-ui'
import { Sidebar } from './sidebar.tsx'

export function SidebarDrawer({ onClose }: { onClose: () => void }) {
  return (
    <Dialog.Root open onOpenChange={open => open || onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-30 animate-fade bg-veil" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-y-0 left-0 z-30 w-[min(18rem,calc(100vw-3rem))] animate-slide border-r border-line shadow-sheet outline-none"
        >
          <Dialog.Title className="sr-only">Menu</Dialog.Title>
          <Sidebar />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
