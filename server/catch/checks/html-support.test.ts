import { expect, it } from 'vitest'
import { loadFeatures } from './client-support.ts'
import { htmlSupport } from './html-support.ts'

const features = loadFeatures()
const linesOf = (html: string) =>
  Object.fromEntries(htmlSupport(features, html).rules.map(({ title, lines }) => [title, lines]))

const MAIL = `<!doctype html>
<html><head>
<style>
  /* colours */
  .card, p > a:hover {
    display: flex;
    background: url("data:image/svg+xml;base64,PHN2Zz48L3N2Zz4=") no-repeat;
  }
  @media (prefers-color-scheme: dark) {
    .card { border-top-left-radius: clamp(4px, 2vw, 8px); }
  }
  @media screen and (max-width: 480px) {
    .card .text + p { color: var(--ink) !important }
  }
</style></head>
<body>
<!--[if mso]><video src="for-outlook-only.mp4"></video><![endif]-->
<video src="a.mp4"></video><table cellpadding="0"><tr><td
   style="font-family:&quot;A; gap:1px&quot;,Arial;
   gap: 4px; object-fit:cover">x</td></tr></table>
<img src="https://example.com/a.webp?size=1"
     srcset="a.avif 1x, b.png 2x">
<a href="mailto:ada@example.com">write</a> <input type=checkbox>
</body></html>`

it('finds what is used, in the lines of the source', () => {
  expect(linesOf(MAIL)).toMatchObject({
    'CSS comments': [4],
    'display:flex': [6],
    'Base 64 image format': [7],
    'SVG image format': [7],
    '@media': [9, 12],
    '@media (prefers-color-scheme)': [9],
    'border-radius': [10],
    'clamp()': [10],
    'vw unit': [10],
    'Child combinator': [5],
    ':hover': [5],
    'Adjacent sibling combinator': [13],
    'CSS Variables (Custom Properties)': [13],
    '!important keyword': [13],
    '<video> element': [18],
    'gap, column-gap, row-gap': [20],
    'object-fit': [20],
    'webP image format': [21],
    'srcset and sizes attributes': [22],
    'AVIF image format': [21],
    '<input type="checkbox"> element': [23],
  })
})

it('names the mail programs by what they run on, and leaves empty groups out', () => {
  const rules = htmlSupport(features, '<video></video><p style="border-radius:4px">x</p>').rules
  const video = rules.find(({ title }) => title === '<video> element')
  expect(video?.none.desktop).toContain('Outlook (Windows)')
  expect(video?.none.web).toContain('Gmail')
  expect(video?.none.mobile).toContain('Gmail (iOS)')
  expect(video?.none.web?.toSorted()).toEqual(video?.none.web)
  for (const { none, partial } of rules)
    for (const names of [...Object.values(none), ...Object.values(partial)])
      expect(names.length).toBeGreaterThan(0)
})

it('goes by the newest version that was tested', () => {
  // Apple Mail on macOS got it with 11 and 12, which sort before 10.12 as text.
  const [rule] = htmlSupport(features, '<p style="border-inline-color:red">').rules
  expect(rule?.none.desktop).toContain('Outlook (Windows)')
  expect(rule?.none.desktop).not.toContain('Apple Mail (macOS)')
})

it('every page it can name is one of caniemail', () => {
  const found = new Set(htmlSupport(features, MAIL).rules.map(({ url }) => url))
  expect([...found].every(url => url.startsWith('https://www.caniemail.com/features/'))).toBe(true)
})

it('is nobody to be held up by broken or hostile sources, and says what it left out', () => {
  for (const piece of [
    '<a b="',
    "<p style='(",
    '<style>(',
    '<style>@media{',
    '<!--',
    '<p ',
    '<p style="a:b(;{}',
    '</',
    '<style>a{b:"',
    '<svg><title>',
    '\\',
    'a{b:c',
  ]) {
    const report = htmlSupport(features, piece.repeat(Math.ceil((2 << 20) / piece.length) + 1))
    expect(report.note).toContain('Only the first 2 MB')
  }
  const many = htmlSupport(features, '<p style="display:flex">\n'.repeat(300))
  const flex = many.rules.find(({ title }) => title === 'display:flex')
  expect(flex).toMatchObject({ count: 300 })
  expect(flex?.lines).toHaveLength(200)
  expect(many.note).toContain('the first 200 are listed')
})
