import { expect, it } from 'vitest'
import { type BlocksDocument, NEW_BLOCKS, newBlock, newDocument } from './document.ts'
import { readBlocks } from './read-blocks.ts'
import { renderBlocks } from './render.ts'
import { blocksText } from './text.ts'

const EVERYTHING = {
  preheader: 'Offers & more for {{first_name|you & yours}}',
  language: 'de-AT',
  blocks: [
    { type: 'heading', text: 'Hello {{ first_name|<you> }} & **friends**' },
    {
      type: 'text',
      text:
        'One *two* ~~three~~ [four **five**](https://example.com/?a=1&b="2")\nnext line <script>alert(1)</script>\n\n' +
        '- a\n- b {% if x > 1 %}c{% endif %}\n\n1. one\n2. two\n\n[no](javascript:alert(1)) 2 * 3 * 4 \\*as it is\\* ' +
        '[go]({{ unsubscribe_url }}) [x](http://a.b/c_(d))',
    },
    {
      type: 'image',
      src: 'https://example.com/a.png?x=1&y=2',
      alt: 'A "cat"',
      width: 200,
      link: 'https://example.com',
      align: 'left',
    },
    { type: 'image', src: 'https://example.com/wide.png', bleed: true, space_above: 0, space_below: 0 },
    { type: 'image', src: 'java\nscript:alert(1)', alt: 'never shown' },
    { type: 'button', label: 'Read & buy', url: 'https://example.com/{{email}}', full_width: true },
    {
      type: 'button',
      label: 'Own colours',
      url: ' JavaScript:alert(1)',
      colour: '#112233',
      text_colour: '#FFEEDD',
    },
    {
      type: 'columns',
      background: '#eeeeff',
      columns: [
        { share: 2, blocks: [{ type: 'heading', level: 3, text: 'Left' }] },
        { share: 1, blocks: [{ type: 'text', text: 'Right [link](mailto:a@example.com)', align: 'right' }] },
      ],
    },
    { type: 'divider', thickness: 2, colour: '#ff0000' },
    { type: 'divider' },
    {
      type: 'social',
      links: [
        { network: 'mastodon', url: 'https://example.social/@us' },
        { network: 'email', url: 'us@example.com', label: 'Write <us>' },
      ],
    },
    { type: 'spacer', height: 30 },
    { type: 'html', html: '<table><tr><td>raw &amp; {{email}}</td></tr></table><style>p{color:red}</style>' },
    { type: 'content' },
    { type: 'footer', address: 'Example Ltd\n1 Street <b>', unsubscribe_label: 'Ab & weg' },
  ],
}

function read(json: unknown): BlocksDocument {
  const found = readBlocks(json)
  if ('faults' in found) throw new Error(JSON.stringify(found.faults))
  return found.document
}

it('renders every block as it did', async () => {
  const document = read(JSON.stringify(EVERYTHING))
  await expect(renderBlocks(document)).toMatchFileSnapshot('golden/everything.html')
  await expect(blocksText(document)).toMatchFileSnapshot('golden/everything.txt')
  await expect(renderBlocks(newDocument())).toMatchFileSnapshot('golden/new.html')
})

it('escapes text, keeps merge tags and raw HTML, and lets no script address through', () => {
  const html = renderBlocks(read(EVERYTHING))
  expect(html).not.toMatch(/<script|javascript:|never shown/i)
  for (const kept of [
    '{{ first_name|<you> }}',
    '{{first_name|you & yours}}',
    '{% if x > 1 %}',
    'href="{{ unsubscribe_url }}"',
    'href="https://example.com/?a=1&amp;b=&quot;2&quot;"',
    'alt="A &quot;cat&quot;"',
    '<td>raw &amp; {{email}}</td>',
    '*as it is*',
    'http://a.b/c_(d)',
    'Example Ltd<br>1 Street &lt;b&gt;',
  ])
    expect(html).toContain(kept)
  expect(html.match(/href="\{\{unsubscribe_url\}\}"/g)).toHaveLength(1)
})

it('has no dark colours where the theme has none, or the block its own background', () => {
  expect(renderBlocks(read({ theme: { dark: null } }))).not.toContain('prefers-color-scheme')
  const html = renderBlocks(read({ blocks: [{ type: 'text', text: 'x', background: '#ffff00' }] }))
  expect(html).not.toContain('class="ph-text"')
})

it('reads what is missing as in a new block, and says what is wrong where', () => {
  const document = read({
    blocks: Object.keys(NEW_BLOCKS).map(type => ({ type, id: 'same', columns: [{}, {}] })),
  })
  expect(new Set(document.blocks.map(block => block.id)).size).toBe(document.blocks.length)
  expect({ ...document.blocks[0], id: '' }).toEqual(newBlock('heading', ''))
  expect(read(structuredClone(newDocument()))).toEqual(newDocument())
  expect(
    readBlocks({
      version: 2,
      theme: { width: 5000, colours: { text: 'red"><script>' } },
      blocks: [
        7,
        { type: 'marquee' },
        { type: 'heading', level: 4, text: 1 },
        { type: 'columns', columns: [{ blocks: [{ type: 'columns' }] }, { blocks: 'x' }] },
        { type: 'text', background: 'url(x)' },
      ],
    }),
  ).toEqual({
    faults: [
      { path: 'version', message: 'must be 1' },
      { path: 'theme.width', message: 'must be a number from 320 to 900' },
      { path: 'theme.colours.text', message: 'must be a colour as #1a2b3c' },
      { path: 'blocks[0]', message: 'must be an object' },
      { path: 'blocks[1].type', message: expect.stringContaining('heading, text') },
      { path: 'blocks[2].text', message: 'must be text' },
      { path: 'blocks[2].level', message: 'must be 1, 2, 3' },
      { path: 'blocks[3].columns[0].blocks[0]', message: 'columns do not stand in columns' },
      { path: 'blocks[3].columns[1].blocks', message: 'must be a list' },
      { path: 'blocks[4].background', message: 'must be a colour as #1a2b3c' },
    ],
  })
  expect(readBlocks('{"a":')).toMatchObject({ faults: [{ path: '' }] })
  expect(readBlocks({ blocks: Array.from({ length: 401 }, () => ({ type: 'spacer' })) })).toMatchObject({
    faults: [{ path: 'blocks' }],
  })
})

it('is not held up by texts made to hold it up', () => {
  // Each of these takes minutes if a pattern goes over the text again from every place in it.
  for (const piece of [
    '{{',
    '{%',
    '{% %',
    '[',
    '[a](',
    '[a]({{b}}',
    '*',
    '**',
    '**a',
    '~~',
    '\\',
    '*a ',
    '<',
    '<!--',
  ])
    for (const type of ['text', 'html']) {
      const text = piece.repeat(100_000 / piece.length)
      const document = read({ blocks: [{ type, text, html: text }] })
      expect(renderBlocks(document).length + blocksText(document).length).toBeGreaterThan(text.length / 2)
    }
})
