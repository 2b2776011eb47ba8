import { expect, it } from 'vitest'
import { respelt, written } from './merge-tags.ts'

it('spells tags as the language has them', () => {
  const first = { label: 'First name', name: 'first_name', fallback: 'there' }
  expect(written(first, 'tags')).toBe('{{first_name|there}}')
  expect(written(first, 'liquid')).toBe("{{ first_name | default: 'there' }}")
  expect(written({ label: 'Content', name: 'content', fallback: null }, 'liquid')).toBe('{{content}}')
})

it('spells the fallbacks of a whole source anew, and back', () => {
  const source = JSON.stringify({
    text: 'Hi {{first_name|dear friend}}, {{ city | "home" }}{{email}} {{content}}',
  })
  const liquid = respelt(source, 'liquid')
  expect(JSON.parse(liquid)).toEqual({
    text: "Hi {{ first_name | default: 'dear friend' }}, {{ city | default: ' home ' }}{{email}} {{content}}",
  })
  expect(JSON.parse(respelt(liquid, 'tags'))).toEqual({
    text: 'Hi {{first_name|dear friend}}, {{city| home }}{{email}} {{content}}',
  })
})
