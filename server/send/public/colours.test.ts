import { expect, it } from 'vitest'
import { contrast, readable, readableOn } from './colours.ts'

it('whatever the colour, what stands on it and in it can be read', () => {
  const steps = [0, 51, 102, 153, 204, 255].map(step => step.toString(16).padStart(2, '0'))
  for (const red of steps)
    for (const green of steps)
      for (const blue of steps) {
        const colour = `#${red}${green}${blue}`
        expect(contrast(readableOn(colour), colour)).toBeGreaterThanOrEqual(4.5)
        for (const ground of ['#ffffff', '#f5f6f8', '#1d2026', '#14161a'])
          expect(contrast(readable(colour, ground), ground)).toBeGreaterThanOrEqual(4.5)
      }
  expect(contrast('#000000', '#ffffff')).toBe(21)
  // What can be read already stays as it was chosen.
  expect(readable('#3355aa', '#ffffff')).toBe('#3355aa')
})
