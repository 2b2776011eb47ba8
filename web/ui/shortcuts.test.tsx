import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { useShortcuts } from './shortcuts.ts'

afterEach(cleanup)

function Page({ onKey }: { onKey: (key: string) => void }) {
  useShortcuts({
    j: () => onKey('j'),
    Enter: () => onKey('Enter'),
    ArrowDown: () => onKey('ArrowDown'),
    'Mod+a': () => onKey('all'),
  })
  return (
    <>
      <input aria-label="field" />
      <button type="button">button</button>
      <div role="tablist">
        <button type="button" role="tab">
          tab
        </button>
      </div>
      <div role="dialog">
        <p>dialog</p>
      </div>
    </>
  )
}

it('hears keys of the page, and leaves those of fields, dialogs, buttons and tabs to them', () => {
  const heard = vi.fn<(key: string) => void>()
  render(<Page onKey={heard} />)
  const keys = () => heard.mock.calls.flat()

  fireEvent.keyDown(document.body, { key: 'j' })
  fireEvent.keyDown(document.body, { key: 'a', ctrlKey: true })
  fireEvent.keyDown(screen.getByText('button'), { key: 'j' })
  expect(keys()).toEqual(['j', 'all', 'j'])

  heard.mockClear()
  fireEvent.keyDown(screen.getByLabelText('field'), { key: 'j' })
  fireEvent.keyDown(screen.getByLabelText('field'), { key: 'a', ctrlKey: true })
  fireEvent.keyDown(screen.getByText('dialog'), { key: 'j' })
  fireEvent.keyDown(screen.getByText('button'), { key: 'Enter' })
  fireEvent.keyDown(screen.getByText('tab'), { key: 'ArrowDown' })
  fireEvent.keyDown(document.body, { key: 'j', ctrlKey: true })
  fireEvent.keyDown(document.body, { key: 'j', altKey: true })
  expect(keys()).toEqual([])
})
