import PostalMime from 'postal-mime'
import { afterAll, expect, it } from 'vitest'
import { publicToken, urlSignature } from '../feedback/public-token.ts'
import { Compiler } from '../templates/compiler.ts'
import { programOf, type ProgramSetting, type ProgramSources } from './program.ts'
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
