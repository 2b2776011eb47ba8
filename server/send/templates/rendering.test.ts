import { afterAll, expect, it } from 'vitest'
import { Compiler, type Written } from './compiler.ts'
import type { CustomField } from '../audience/custom-fields.ts'
import { compileTags, insertContent, type Into, type MergePerson, vocabularyOf } from './merge-tags.ts'
import { renderDraft, samplePerson } from './rendering.ts'

const field = (key: string, kind: CustomField['kind'], options: string[] = []): CustomField => ({
  id: 1,
  key,
  label: key,
  kind,
  options,
  position: 0,
})
const FIELDS = [
  field('city', 'text'),
  field('points', 'number'),
  field('vip', 'boolean'),
  field('born', 'date'),
  field('likes', 'many_of', ['tea', 'cake', 'rain']),
]
const PERSON: MergePerson = {
  email: 'o"neil@example.com',
  first_name: '<script>alert(1)</script>',
  last_name: null,
  fields: {
    city: 'A & B',
    points: 1234.5,
    vip: true,
    born: '2026-12-24',
    likes: ['tea', 'cake'],
    toString: 'x',
  },
  unsubscribe_url: 'https://h.example/u?a=1&b=2',
  webview_url: 'https://h.example/w',
}

const merged = (text: string, into: Into = 'text', locale = 'en', person = PERSON) =>
  compileTags(text, vocabularyOf(FIELDS, locale), into).merge(person)

it('merges tags in any spelling, escaped in HTML alone (contract, 5.3)', () => {
  expect(merged('{{email}} {{ EMAIL }} {{\n\temail}} {{&nbsp;Email\u00a0}}', 'html')).toBe(
    Array.from({ length: 4 }, () => 'o&quot;neil@example.com').join(' '),
  )
  expect(merged('{{first_name}}', 'html')).toBe('&lt;script&gt;alert(1)&lt;/script&gt;')
  expect(merged('{{first_name}}')).toBe(PERSON.first_name)
  expect(merged("[{{last_name}}] {{last_name|friend}} {{ last_name | O'N & co }}")).toBe("[] friend O'N & co")
  // An entity in a fallback is one already.
  expect(merged('{{last_name|<b> M&amp;Ms & co}}', 'html')).toBe('&lt;b&gt; M&amp;Ms &amp; co')
  expect(merged('<a href="{{unsubscribe_link}}">', 'html')).toBe('<a href="https://h.example/u?a=1&amp;b=2">')
  expect(merged('{{city}}; {{points}}; {{vip}}; {{born}}; {{likes}}')).toBe(
    'A & B; 1,234.5; yes; 24 December 2026; tea and cake',
  )
  expect(merged('{{points}}; {{vip}}; {{born}}; {{likes}}', 'text', 'de')).toBe(
    '1.234,5; ja; 24. Dezember 2026; tea und cake',
  )
})

it('leaves what it does not know as it is, and reads nothing that a value brings with it', () => {
  const odd = '{{ nobody }} {{constructor}} {{toString}} {{__proto__|x}} {email} {{}} {{ }} {{a b}} {{{{'
  expect(merged(odd, 'html')).toBe(odd)
  expect(merged('{{city}}', 'text', 'en', { ...PERSON, fields: { city: '{{email}} $&' } })).toBe(
    '{{email}} $&',
  )
  expect(compileTags('{{x}} {{Y}} {{email}}', vocabularyOf([], ''), 'html').unknown).toEqual(['x', 'y'])
  expect(insertContent('a {{ Content }} b {{content}}', '$& {{email}}')).toBe('a $& {{email}} b $& {{email}}')
  expect(insertContent('a {{content}}', null)).toBe('a ')
  expect(insertContent(null, null)).toBe('')
})

it('keeps a subject on its line, without links', () => {
  const person = { ...PERSON, first_name: 'Eve\r\nBcc: all@example.com\u2028x' }
  expect(merged(' Hi {{first_name}}\n', 'subject', 'en', person)).toBe('Hi Eve Bcc: all@example.com x')
  expect(merged('{{unsubscribe_url}}', 'subject')).toBe('{{unsubscribe_url}}')
})

const compiler = new Compiler()
afterAll(() => compiler.close())

const draft = (written: Partial<Written> & { source: string }, subject = 'S', content = '<p>C &amp; D</p>') =>
  renderDraft(
    compiler,
    { kind: 'html', language: 'tags', subject, content, ...written },
    PERSON,
    vocabularyOf(FIELDS, 'en'),
  )

it('renders HTML: content first, then tags, then styles into their elements', async () => {
  const made = await draft(
    {
      source:
        '<style>p{color:red}@media print{p{color:blue}}</style>{{CONTENT}}<p>{{first_name}} {{what}}</p>',
    },
    'To {{email}}',
    '<p style="color:green">{{city}} <a href="{{unsubscribe_url}}">stop</a></p>',
  )
  expect(made.subject).toBe('To o"neil@example.com')
  expect(made.html).toContain('<p style="color: green;">A &amp; B')
  expect(made.html).toContain('<p style="color: red;">&lt;script&gt;alert(1)&lt;/script&gt; {{what}}</p>')
  expect(made.html).toContain('@media print')
  expect(made.text).toBe('A & B stop (https://h.example/u?a=1&b=2)\n\n<script>alert(1)</script> {{what}}')
  expect(made.warnings).toEqual([
    'There is no link to {{unsubscribe_url}}',
    '{{what}} means nothing, and stays as it is',
  ])
  expect((await draft({ source: 'x{{unsubscribe_url}}' })).warnings).toEqual([
    'There is no {{content}}: what is written in a campaign would not be shown',
  ])
})

it('renders blocks with a text of their own', async () => {
  const source = JSON.stringify({
    blocks: [{ type: 'heading', text: 'Hi {{first_name}}' }, { type: 'content' }, { type: 'footer' }],
  })
  const made = await draft({ kind: 'blocks', source }, '', '<h2>News &amp; more</h2><p>of {{city}}</p>')
  expect(made).toMatchObject({ warnings: [], faults: [] })
  expect(made.html).toContain('<p>of A &amp; B</p>')
  expect(made.html).toContain('@media (prefers-color-scheme:dark)')
  expect(made.html).not.toContain('<script>')
  expect(made.text).toMatch(/^Hi <script>alert\(1\)<\/script>\n=+\n\nNews & more\n\nof A & B\n\n/)
  expect(made.text).toContain('Unsubscribe: https://h.example/u?a=1&b=2')
  expect(await draft({ kind: 'blocks', source: '{"blocks":[{"type":"x"}]}' })).toMatchObject({
    html: '',
    faults: [{ line: null, message: expect.stringContaining('blocks[0].type must be') }],
  })
})

it('renders MJML, and reads no file for it', async () => {
  const source = `<mjml><mj-body>
<mj-include path="/etc/passwd" />
<mj-include path="../../package.json" type="html" />
<mj-section><mj-column><mj-text bogus="1">{{first_name}} {{content}}</mj-text>
<mj-button href="{{unsubscribe_url}}">Stop</mj-button></mj-column></mj-section></mj-body></mjml>`
  const made = await draft({ kind: 'mjml', source })
  expect(made.html).toMatch(/&lt;script&gt;alert\(1\)&lt;\/script&gt; <p style="[^"]*">C &amp; D<\/p>/)
  expect(made.html).not.toContain('googleapis')
  expect(made.html).toContain('href="https://h.example/u?a=1&amp;b=2"')
  expect(made.html).not.toMatch(/root:|"posthorn"/)
  expect(made.faults).toEqual([
    { line: 4, message: 'mj-text: Attribute bogus is illegal' },
    { line: 2, message: 'mj-include: files are not included' },
  ])
  expect(await draft({ kind: 'mjml', source: '<p>no</p>' })).toMatchObject({
    html: '',
    faults: [{ line: null }],
  })
})

it('renders Markdown, merge tags in addresses and tables too', async () => {
  const source =
    '# Hi {{first_name}}\n\n[stop]({{ unsubscribe_url }})\n\n{{content}}\n\n| a | b |\n|---|---|\n| {{city|x|y}} | *c_d* |\n\n<b>raw</b>'
  const { html, warnings, faults } = await draft({ kind: 'markdown', source })
  expect({ warnings, faults }).toEqual({ warnings: [], faults: [] })
  for (const part of [
    'Hi &lt;script&gt;alert(1)&lt;/script&gt;</h1>',
    'href="https://h.example/u?a=1&amp;b=2"',
    '<b>raw</b>',
    '>A &amp; B</td>',
    '<em>c_d</em>',
  ])
    expect(html).toContain(part)
  expect(html).toMatch(/<h1 style="[^"]*font-size: 28px/)
  // Alone in its line it is no paragraph around paragraphs.
  expect(html).toContain('</p>\n<p>C &amp; D</p>\n<table')
  expect(html).toContain('[data-ogsc] .ph-page')
})

it('renders Liquid, escaped, and says on which line it is wrong', async () => {
  const source =
    '{{content}}<p>{{ first_name }} {{ first_name | raw }}</p>{% for like in likes %}<i>{{ like | upcase }}</i>{% endfor %}' +
    '{% if points > 1000 %}rich{% endif %}{{ last_name | default: "nobody" }}{{ fields.city }}{{ unknown }}'
  const made = await draft({ language: 'liquid', source }, '{{ first_name }} {{ city }}\n', '{{ email }}')
  expect(made.html).toBe(
    'o&#34;neil@example.com<p>&lt;script&gt;alert(1)&lt;/script&gt; <script>alert(1)</script></p><i>TEA</i><i>CAKE</i>richnobodyA &amp; B',
  )
  expect(made.subject).toBe('<script>alert(1)</script> A & B')
  expect(made.text).toContain('TEACAKE')
  const faultsOf = async (text: string) => (await draft({ language: 'liquid', source: text })).faults
  expect(await faultsOf('a\nb {% if %}')).toEqual([{ line: 2, message: expect.stringMatching(/^Liquid: /) }])
  expect(await faultsOf('{{first_name|you}}')).toEqual([
    { line: 1, message: 'Liquid: undefined filter: you (a fallback is written `| default: "you"`)' },
  ])
})

it.each([
  ['a loop', '{% for i in (1..9999) %}{% for j in (1..9999) %}x{% endfor %}{% endfor %}', 'limit'],
  ['a range', '{% for i in (1..999999999) %}x{% endfor %}', 'limit'],
  [
    'doubling',
    '{% assign a = "xx" %}{% for i in (1..99) %}{% assign a = a | append: a %}{% endfor %}',
    'limit',
  ],
  ['a file', '{% include "/etc/passwd" %}', 'nothing can be included'],
  ['a layout', '{% layout "package.json" %}', 'nothing can be included'],
])('ends Liquid that wants too much: %s', async (_, source, why) => {
  const { html, faults } = await draft({ language: 'liquid', source })
  expect(html).toBe('')
  expect(faults[0]?.message).toContain(why)
})

it('shows Liquid no prototypes and no functions', async () => {
  const tricks = [
    'email.constructor',
    'likes.constructor.constructor',
    'fields.__proto__',
    'fields["__proto__"].x',
  ]
  const source = tricks.map(trick => `[{{ ${trick} }}]`).join('')
  expect((await draft({ language: 'liquid', source })).html).toBe('[][][][]')
})

it('gives up what takes too long', async () => {
  const hasty = new Compiler(1)
  const made = await hasty.compile({ kind: 'markdown', language: 'tags', source: '# x' })
  expect(made).toMatchObject({ content: '', faults: [{ message: 'The template takes too long to render' }] })
  await hasty.close()
})

it('shows a sample of every kind of field', () => {
  const person = samplePerson(FIELDS, PERSON, '2026-11-21')
  expect(person).toMatchObject({ email: 'ada@example.com', fields: { city: 'city', likes: ['tea', 'cake'] } })
})
