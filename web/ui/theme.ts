import { createStore } from './store.ts'

export type Theme = 'system' | 'light' | 'dark'

// The same key is read by public/theme.js before the first paint.
const KEY = 'posthorn-theme'
const set = document.documentElement.dataset.theme
const chosen = createStore<Theme>(set === 'light' || set === 'dark' ? set : 'system')

export const useTheme = chosen.use

export function chooseTheme(theme: Theme): void {
  show(theme)
  try {
    if (theme === 'system') localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, theme)
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

/** Follows a choice made in another tab. */
addEventListener('storage', ({ key, newValue }) => {
  if (key === KEY) show(newValue === 'light' || newValue === 'dark' ? newValue : 'system')
})

function show(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
  chosen.set(theme)
}
