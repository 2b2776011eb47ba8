import { createStore } from '../ui/store.ts'

/** Whether the sidebar is drawn over the page, where there is no room beside it. */
export const sidebarOpen = createStore(false)
