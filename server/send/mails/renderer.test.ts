import { generateKeyPairSync } from 'node:crypto'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import { simpleParser } from 'mailparser'
import PostalMime from 'postal-mime'
import { afterAll, expect, it } from 'vitest'
import { type Random, randomFrom } from '../../../test/random.ts'
import { publicToken, urlSignature } from '../feedback/public-token.ts'
import { Compiler } from '../templates/compiler.ts'
import { programOf, type ProgramSetting, type ProgramSources } from './program.ts'
import { RenderFault } from './render-fault.ts'
import { Renderer } from './renderer.ts'

const hrefsIn = (html = '') => Array.from(html.matchAll(/href="([^"]*)"/g), ([, href]) => href)

const compiler = new Compiler()
afterAll(() => compiler.close())

const SOURCES: ProgramSources = {
  campaignId: 7,
  workspaceId: 3,
  subject: 'Hi {{first_name|you}}',
  preheader: 'All & more for {{first_name|you}}',
  fromName: 'Ada’s "Shop"',
  fromEmail: 'news@shop.example',
  replyTo: 'help@shop.example',
  opensTracked: true,
  clicksTracked: true,
  template: {
    content:
      '<!doctype html><html><head><style>p{color:#123456}</style></head><body class="x">{{content}}' +
      '<a href="{{unsubscribe_url}}">leave</a> <a href=\'{{webview_url}}\'>see</a></body></html>',
    text: null,
    language: 'tags',
  },
  content:
    '<p>Dear {{first_name|M&amp;M}} of {{city}},</p><a href="https://a.example/?x=1&amp;y=2">one</a>' +
    '<a href=https://b.example/{{city}}?e={{email}}>two</a><a href="mailto:x@y.example">mail</a>' +
    '<a href="https://a.example/?x=1&y=2">again</a><a href="#top">top</a>',
  attachments: [],
  fields: [{ id: 1, key: 'city', label: 'City', kind: 'text', options: [], position: 0 }],
  locale: 'en',
}
const SETTING: ProgramSetting = {
  publicUrl: 'https://news.example',
  bounceDomain: 'bounce.example',
  listName: 'Ada’s Shop',
  tokenKey: Buffer.alloc(32, 7),
  dkim: null,
}
const ADA = {
  delivery_id: 4711,
  email: 'ada@example.com',
  first_name: 'Ada',
  last_name: 'Lovelace',
  fields: { city: 'Köln & "Bonn"' },
}

async function rendererOf(changes: Partial<ProgramSources> = {}, setting: Partial<ProgramSetting> = {}) {
  const { program, ...rest } = await programOf(compiler, { ...SOURCES, ...changes })
  expect(rest.faults).toEqual([])
  return { renderer: new Renderer(structuredClone(program), { ...SETTING, ...setting }), program, ...rest }
}

it('makes a mail that parsers read as it was meant', async () => {
  const { renderer, links, warnings } = await rendererOf()
  const { bytes, subject, reversePath, messageId } = await renderer.bytes(ADA)
  const mail = await PostalMime.parse(bytes)
  const token = publicToken(SETTING.tokenKey, ADA.delivery_id)
  const hex = Buffer.from(token, 'base64url').toString('hex')
  expect([subject, mail.subject]).toEqual(['Hi Ada', 'Hi Ada'])
  expect(reversePath).toBe(`b-${hex}@bounce.example`)
  expect(mail.messageId).toBe(messageId)
  expect(mail.from).toEqual({ name: SOURCES.fromName, address: SOURCES.fromEmail })
  expect(mail.to).toEqual([{ name: 'Ada Lovelace', address: ADA.email }])
  expect(warnings).toEqual([])
  expect(links).toEqual(['https://a.example/?x=1&y=2', 'https://b.example/{{city}}?e={{email}}'])
  const url = 'https://b.example/Köln & "Bonn"?e=ada@example.com'
  const u = Buffer.from(url).toString('base64url')
  const s = urlSignature(SETTING.tokenKey, token, url)
  const click = `https://news.example/t/c/${token}`
  expect(hrefsIn(mail.html)).toEqual([
    `${click}/1`,
    `${click}/2?u=${u}&amp;s=${s}`,
    'mailto:x@y.example',
    `${click}/1`,
    '#top',
    `https://news.example/subscriptions/unsubscribe/${token}`,
    `https://news.example/webview/${token}`,
    `${click}/0`,
  ])
  expect(mail.html).toContain('<p style="color: #123456;">Dear Ada of Köln &amp; &quot;Bonn&quot;,</p>')
  expect(mail.html).toMatch(
    new RegExp(`<img src="https://news.example/t/o/${token}.gif"[^>]*></body></html>`),
  )
  expect(mail.html).toMatch(/<body class="x"><div style="display:none[^>]*>All &amp; more for Ada&zwnj;/)
  expect(mail.text).toMatch(/^Dear Ada of Köln & "Bonn",\n/)
  expect(mail.text).toContain(`leave (https://news.example/subscriptions/unsubscribe/${token})`)
})

const HOSTILE = [
  'Ada',
  '',
  '"Ada" <evil@example.com>, x',
  'A\r\nBcc: all@example.com\r\n\r\nbody',
  '😀🎉 عَلِيّ שלום',
  '.',
  '.\r\n.\r\n..',
  '=41=\r\n=?utf-8?Q?x?=',
  '</a></p></body><!-- ',
  'a'.repeat(5000),
  'ü'.repeat(2500),
  'From the start',
  '{{email}} {% if %} $& $1',
  '  blanks  ',
  '-'.repeat(90),
  'O’Neil & Söhne; (x) [y] \\',
  '\u0000\u0007bell',
  '\ud800 half',
]

const clean = (value: string) =>
  value
    .toWellFormed()
    // oxlint-disable-next-line no-control-regex
    .replace(/[\u0000-\u001f\u007f]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
const lines = (value: string) => value.toWellFormed().replace(/\r\n|\r/g, '\n')

function unescaped(html: string): string {
  const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
  return html.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => named[name] ?? '')
}

/** RFC 5322, section 2.1.1, RFC 2045, section 6.7, and RFC 5321, section 4.5.2. */
function expectSoundBytes(bytes: Buffer): void {
  const text = bytes.toString('latin1')
  expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  const [header = ''] = text.split('\r\n\r\n', 1)
  const all = text.split('\r\n')
  expect(all.filter(line => line.startsWith('.') || line.startsWith('From '))).toEqual([])
  expect(Math.max(...all.map(line => line.length))).toBeLessThanOrEqual(998)
  expect(
    Math.max(
      ...text
        .slice(header.length)
        .split('\r\n')
        .map(line => line.length),
    ),
  ).toBeLessThanOrEqual(76)
  expect(header.match(/^List-Unsubscribe: <https:[^\r\n]*>, <mailto:[^\r\n]*>$/gm)).toHaveLength(1)
  expect(header.match(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click$/gm)).toHaveLength(1)
}

it('lets no value out of its place', async () => {
  const { renderer } = await rendererOf({
    subject: '🎉 {{first_name}}: {{city}}!',
    template: null,
    content: '<body><pre>1[{{first_name}}]1\n2[{{city|none}}]2</pre><i title="{{city}}">x</i></body>',
  })
  const one = async (first_name: string, city: string) => {
    const { bytes, subject } = await renderer.bytes({ ...ADA, first_name, last_name: city, fields: { city } })
    expectSoundBytes(bytes)
    const [mail, other] = [await PostalMime.parse(bytes), await simpleParser(bytes)]
    expect(Object.keys(Object.fromEntries(other.headers))).not.toContain('bcc')
    for (const html of [mail.html ?? '', other.html || '']) {
      expect(unescaped(/1\[([^]*)\]1/.exec(html)?.[1] ?? '')).toBe(lines(first_name))
      expect(unescaped(/2\[([^]*)\]2/.exec(html)?.[1] ?? '')).toBe(lines(city) || 'none')
      expect(unescaped(/title="([^"]*)"/.exec(html)?.[1] ?? '')).toBe(lines(city))
    }
    expect(/1\[([^]*)\]1/.exec(mail.text ?? '')?.[1]).toBe(lines(first_name))
    const asWritten = clean(`🎉 ${first_name}: ${city}!`)
    expect([clean(subject), clean(mail.subject ?? ''), clean(other.subject ?? '')]).toEqual([
      asWritten,
      asWritten,
      asWritten,
    ])
    expect(mail.to?.map(({ address, name }) => [address, clean(name ?? '')])).toEqual([
      [ADA.email, clean(`${first_name} ${city}`)],
    ])
  }
  for (const value of HOSTILE) await one(value, HOSTILE[(HOSTILE.indexOf(value) + 1) % HOSTILE.length] ?? '')
  const random = randomFrom(5)
  const pick = (from: Random) => (HOSTILE[from(HOSTILE.length)] ?? '').slice(0, from(200))
  for (let round = 0; round < 40; round++) await one(pick(random) + pick(random), pick(random))
})

it('carries whatever is written, to the letter', async () => {
  const random = randomFrom(77)
  const words = [
    ...HOSTILE,
    '{{city}}',
    '{{first_name|x}}',
    '<p>',
    '\n',
    '\r\n',
    ' ',
    '&amp;',
    '. ',
    'a=b ',
    '<br>.',
  ]
  for (let round = 0; round < 12; round++) {
    const content = Array.from({ length: 30 }, () => words[random(words.length)]).join('')
    const { renderer } = await rendererOf({ template: null, content, preheader: content.slice(0, 60) })
    const person = { ...ADA, fields: { city: HOSTILE[random(HOSTILE.length)] ?? '' } }
    const { bytes } = await renderer.bytes(person)
    expectSoundBytes(bytes)
    const mail = await PostalMime.parse(bytes)
    const { html, text } = renderer.parts(person).parts
    expect(mail.html).toBe(lines(`${html}\n`))
    expect(mail.text).toBe(lines(`${text}\n`))
  }
})

it('carries pictures beside the HTML and files behind it', async () => {
  const [picture, file] = [Buffer.from('a picture'), Buffer.alloc(10_000, 9)]
  const { renderer } = await rendererOf({
    attachments: [
      { name: 'logo.png', contentType: 'image/png', contentId: 'logo', base64: picture.toString('base64') },
      {
        name: 'Prüf „1“.pdf',
        contentType: 'application/pdf',
        contentId: null,
        base64: file.toString('base64'),
      },
      { name: 'x\r\nBcc: a', contentType: 'text/html\r\nX: y', contentId: null, base64: '' },
    ],
    content: '<img src="cid:logo">',
  })
  const { bytes } = await renderer.bytes(ADA)
  expectSoundBytes(bytes)
  const mail = await PostalMime.parse(bytes)
  expect(
    mail.attachments.map(({ filename, mimeType, disposition, contentId }) => [
      filename,
      mimeType,
      disposition,
      contentId,
    ]),
  ).toEqual([
    ['logo.png', 'image/png', 'inline', '<logo>'],
    ['Prüf „1“.pdf', 'application/pdf', 'attachment', undefined],
    ['x Bcc: a', 'application/octet-stream', 'attachment', undefined],
  ])
  expect(mail.attachments.slice(0, 2).map(({ content }) => Buffer.from(content as ArrayBuffer))).toEqual([
    picture,
    file,
  ])
  const types = Array.from(
    bytes.toString().matchAll(/^Content-Type: (multipart\/\w+|text\/\w+)/gm),
    ([, type]) => type,
  )
  expect(types).toEqual([
    'multipart/mixed',
    'multipart/alternative',
    'text/plain',
    'multipart/related',
    'text/html',
  ])
})

it('gives everybody a way out', async () => {
  const url = `https://news.example/subscriptions/unsubscribe/${publicToken(SETTING.tokenKey, ADA.delivery_id)}`
  const without = [
    '<p>Hello</p>',
    '<html><body><p>x</p><!-- {{unsubscribe_url}} --></body></html>',
    '<p>x</p><style>.a{content:"{{unsubscribe_url}}"}</style>',
    '<p>The tag unsubscribe_url is missing, {{webview_url}} is not</p>',
  ]
  for (const content of without) {
    const { renderer, warnings } = await rendererOf({ template: null, content, locale: 'de' })
    const { html, text } = renderer.parts(ADA).parts
    expect(html).toContain(`href="${url}">Abmelden</a></div>`)
    expect(html).not.toMatch(/<\/body>[^]*Abmelden/)
    expect(text).toMatch(new RegExp(`\\n\\nAbmelden: ${url}$`))
    expect(warnings).toEqual(['There is no link to {{unsubscribe_url}}: one is put at the end'])
  }
  const { renderer } = await rendererOf({ template: null, content: 'Leave: {{ Unsubscribe_Link }}' })
  const { html, text } = renderer.parts(ADA).parts
  expect(html?.split(url)).toHaveLength(2)
  expect(text).toBe(`Leave: ${url}`)
})

it('renders Liquid for each, with the same links, and fails for one alone', async () => {
  const { renderer, links } = await rendererOf({
    preheader: '{{ first_name }} & more',
    subject: '{% if city == "Bad" %}{% for n in (1..90000000) %}{% endfor %}{% endif %}Hi {{first_name}}',
    template: {
      language: 'liquid',
      text: null,
      content:
        '<html><head><style>p{color:red}</style></head><body>{% if first_name %}<p>Dear {{ first_name | upcase }}</p>{% endif %}' +
        '{% for n in (1..2) %}<a href="https://a.example/{{ n }}?c={{ city }}">{{n}}</a>{% endfor %}' +
        '<a href="https://b.example/">b</a><td {% if city == "Ulm" %}class="u"{% endif %}></td>{{content}}</body></html>',
    },
    content: '<a href="{{unsubscribe_url}}">{{ city }}</a>',
  })
  expect(links).toEqual(['https://a.example/{{ n }}?c={{ city }}', 'https://b.example/'])
  const token = publicToken(SETTING.tokenKey, ADA.delivery_id)
  const { bytes } = await renderer.bytes({ ...ADA, fields: { city: 'Ulm & <Umland>' } })
  expectSoundBytes(bytes)
  const { html = '', text, subject } = await PostalMime.parse(bytes)
  expect(subject).toBe('Hi Ada')
  expect(html).toContain('<p style="color: red;">Dear ADA</p>')
  expect(html).toContain(
    `<td ></td><a href="https://news.example/subscriptions/unsubscribe/${token}">Ulm &amp; &lt;Umland&gt;</a>`,
  )
  const hrefs = hrefsIn(html)
  expect(hrefs).toHaveLength(5)
  const to = new URL(unescaped(hrefs[1] ?? ''))
  const target = 'https://a.example/2?c=Ulm & <Umland>'
  expect(to.pathname).toBe(`/t/c/${token}/1`)
  expect(Buffer.from(to.searchParams.get('u') ?? '', 'base64url').toString()).toBe(target)
  expect(to.searchParams.get('s')).toBe(urlSignature(SETTING.tokenKey, token, target))
  expect(hrefs[2]).toBe(`https://news.example/t/c/${token}/2`)
  expect(html).toMatch(/<img src="[^"]*\/t\/o\/[^>]*><\/body>/)
  expect(text).toContain('Dear ADA')
  expect(text).toContain('2 (https://a.example/2?c=Ulm & <Umland>)')
  expect(() => renderer.parts({ ...ADA, fields: { city: 'Bad' } })).toThrow(RenderFault)
  // A value that would pass for a mark of ours, if marks could be known.
  const forged = renderer.parts({ ...ADA, first_name: 'q00dyn1xhttps://evil.example/q00to' }).parts
  expect(forged.html).toContain('Q00DYN1XHTTPS://EVIL.EXAMPLE/Q00TO')
})

it('makes the same mail whenever it is made, and another one for each purpose', async () => {
  const [first, second] = [await rendererOf(), await rendererOf()]
  expect(second.links).toEqual(first.links)
  expect(second.renderer.parts(ADA)).toEqual(first.renderer.parts(ADA))
  expect(JSON.parse(JSON.stringify(first.program))).toEqual(first.program)

  const view = new Renderer(first.program, SETTING, 'view').parts(ADA).parts
  expect(hrefsIn(view.html ?? '').slice(0, 2)).toEqual([
    'https://a.example/?x=1&amp;y=2',
    'https://b.example/Köln &amp; &quot;Bonn&quot;?e=ada@example.com',
  ])
  expect(view.html).not.toContain('/t/')
  const quoted = `<a href='https://a.example/?q="1"'>a</a><a href=https://b.example>b</a>`
  const { program } = await rendererOf({ template: null, content: quoted })
  const { html } = new Renderer(program, SETTING, 'view').parts(ADA).parts
  expect(html).toContain(quoted.replace('https://b.example', '"https://b.example"'))
  const test = new Renderer(first.program, SETTING, 'test')
  const { parts, reversePath } = test.parts(ADA)
  expect(parts.subject).toBe('[Test] Hi Ada')
  expect(parts.html).toContain('https://news.example/t/c/test/1')
  expect(reversePath).toBe(SOURCES.fromEmail)
  expect(test.parts(ADA).messageId).not.toBe(test.parts(ADA).messageId)
  expectSoundBytes((await test.bytes(ADA)).bytes)
})

it('writes to addresses of all kinds, and to nothing that is none', async () => {
  const { renderer } = await rendererOf({ replyTo: 'hilfe@büro.example' }, { bounceDomain: null })
  const { bytes, reversePath } = await renderer.bytes({ ...ADA, email: 'jürgen@bücher.example' })
  expect(reversePath).toBe(SOURCES.fromEmail)
  const mail = await PostalMime.parse(bytes)
  expect(mail.replyTo?.[0]?.address).toBe('hilfe@xn--bro-hoa.example')
  expect(mail.to?.[0]?.address).toBe('jürgen@xn--bcher-kva.example')
  expect(bytes.toString()).toMatch(/^List-Unsubscribe: <[^,]*>\r$/m)
  for (const email of ['', 'ada', 'a@b\r\nRCPT TO:<x@y>', 'a b@c.example', '<a@b.example>'])
    expect(() => renderer.bytes({ ...ADA, email })).toThrow(RenderFault)
})

it('signs what it sends, the way out included (RFC 8058, section 4)', async () => {
  const pem = { type: 'pkcs8', format: 'pem' } as const
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const rsaPrivate = rsa.privateKey.export(pem).toString()
  const ed25519Private = generateKeyPairSync('ed25519').privateKey.export(pem).toString()
  const { renderer } = await rendererOf(
    {},
    { dkim: { domain: 'shop.example', selector: 's', rsaPrivate, ed25519Private } },
  )
  const { bytes } = await renderer.bytes({ ...ADA, first_name: '.\r\n ü' })
  expectSoundBytes(bytes)
  const record = `v=DKIM1; k=rsa; p=${rsa.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`
  const { results } = await dkimVerify(bytes, {
    resolver: async name => (name === 's._domainkey.shop.example' ? [record.match(/.{1,255}/g) ?? []] : []),
  })
  const [verified] = results.filter(result => result.status.result === 'pass')
  expect(verified).toMatchObject({ signingDomain: 'shop.example', status: { aligned: 'shop.example' } })
  expect(bytes.toString().replace(/\r\n /g, '')).toMatch(/h=[^;]*:list-unsubscribe:list-unsubscribe-post/)
})

it('says what is wrong before anything is sent', async () => {
  const { faults } = await programOf(compiler, {
    ...SOURCES,
    template: { language: 'liquid', text: null, content: '{% if x %}{{content}}' },
    content: '',
  })
  expect(faults.map(({ message }) => message)).toEqual([
    expect.stringContaining('not closed'),
    'Subject: Liquid: undefined filter: you (a fallback is written `| default: "you"`)',
    'Preheader: Liquid: undefined filter: you (a fallback is written `| default: "you"`)',
  ])
  const { warnings } = await programOf(compiler, {
    ...SOURCES,
    subject: '{{nickname}} {{email}}',
    template: { language: 'tags', text: null, content: '{{town}} {{unsubscribe_url}}' },
  })
  expect(warnings).toEqual([
    'The template has no {{content}}: what is written in the campaign is not shown',
    '{{town}} means nothing, and stays as it is',
    '{{nickname}} means nothing, and stays as it is',
  ])
})
