// What a mail costs per recipient, in processor time of one thread: our merge tags beside liquidjs with the same mail, both taken
// apart beforehand; whole mails of a campaign beside nodemailer composing the same; and what is made once.
// Usage: node bench/render.ts [--quick] [--save]
import { Liquid } from 'liquidjs'
import MailComposer from 'nodemailer/lib/mail-composer'
import { newBlock, newDocument } from '../blocks/document.ts'
import { renderBlocks } from '../blocks/render.ts'
import { blocksText } from '../blocks/text.ts'
import { compileBody } from '../server/send/mails/body-compiling.ts'
import { programAround } from '../server/send/mails/program.ts'
import { type Rendered, Renderer } from '../server/send/mails/renderer.ts'
import { compileTags, type MergePerson, vocabularyOf } from '../server/send/templates/merge-tags.ts'
import { readOptions } from './stand/options.ts'
import { Report } from './stand/report.ts'
import { median } from './stand/statistics.ts'

const options = readOptions()
const seconds = options.quick ? 0.02 : 1
const runs = options.quick ? 1 : 5
const report = new Report('render')

const paragraph =
  'All that was made since the last letter, and what comes next: see the list below, with pictures and prices. '
const letter = (paragraphs: number) => ({
  ...newDocument(),
  blocks: [
    { ...newBlock('image', 'a'), src: 'https://example.com/head.png', bleed: true },
    { ...newBlock('heading', 'b'), text: 'News for {{first_name|you}} from {{city|here}}' },
    ...Array.from({ length: paragraphs }, (_, n) => ({
      ...newBlock('text', `t${n}`),
      text: `Dear {{first_name}} {{last_name|friend}},\n\n${paragraph.repeat(3)} **{{points}} points** and [more](https://example.com/${n}).`,
    })),
    { ...newBlock('button', 'c'), label: 'See your account', url: 'https://example.com/?who={{email}}' },
    {
      ...newBlock('columns', 'd'),
      columns: [1, 2].map(n => ({
        share: 1,
        blocks: [
          { ...newBlock('image', `i${n}`), src: `https://example.com/${n}.png`, alt: 'A picture' },
          { ...newBlock('text', `c${n}`), text: paragraph },
        ],
      })),
    },
    newBlock('footer', 'e'),
  ],
})
const document = letter(4)
const fields = [
  { id: 1, key: 'city', label: 'City', kind: 'text', options: [], position: 0 },
  { id: 2, key: 'points', label: 'Points', kind: 'number', options: [], position: 1 },
] as const
const people: MergePerson[] = Array.from({ length: 1000 }, (_, i) => ({
  email: `person${i}@example.com`,
  first_name: i % 3 === 0 ? null : `Ann & ${i}`,
  last_name: `O'Neil ${i}`,
  fields: { city: `City ${i % 50}`, points: i * 3 },
  unsubscribe_url: `https://news.example/subscriptions/unsubscribe/${i}?a=1&b=2`,
  webview_url: `https://news.example/webview/${i}`,
}))

const vocabulary = vocabularyOf(
  fields.map(field => ({ ...field, options: [] })),
  'en',
)
const liquid = new Liquid({ outputEscape: 'escape', ownPropertyOnly: true })
const seen = people.map(({ fields: own, ...person }) => ({ ...own, ...person }))

report.say(`medians of ${runs} runs of ${seconds} s`)
report.say('')
const rows = [1, 4].flatMap(paragraphs => {
  const html = renderBlocks(letter(paragraphs))
  const ours = compileTags(html, vocabulary, 'html')
  const theirs = liquid.parse(html.replaceAll(/\|(\w+)\}\}/g, '| default: "$1"}}'))
  const own = rate(i => ours.merge(people[i % 1000] as MergePerson))
  const other = rate(i => liquid.renderSync(theirs, seen[i % 1000]) as string)
  const what = `${html.match(/\{\{/g)?.length} tags in ${Buffer.byteLength(html)} bytes`
  return [
    [`merge tags, ${what}`, Math.round(own).toLocaleString('en'), ''],
    [`liquidjs, ${what}`, Math.round(other).toLocaleString('en'), `${(own / other).toFixed(1)} times slower`],
  ]
})
report.table(['one mail for one person', 'mails per CPU-s', 'beside ours'], rows)
await wholeMails()
const html = renderBlocks(document)
report.table(
  ['once per template', 'ms'],
  [
    ['blocks to HTML', (1000 / rate(() => renderBlocks(document))).toFixed(3)],
    ['blocks to text', (1000 / rate(() => blocksText(document))).toFixed(3)],
    [
      'tags taken apart',
      (1000 / rate(() => String(compileTags(html, new Map(), 'html').unknown.length))).toFixed(3),
    ],
  ],
)
report.end(options.save)

/** Times a second of processor; the strings are looked at, or an engine would not put them together. */
function rate(work: (i: number) => string): number {
  let length = 0
  const measured = Array.from({ length: runs + 1 }, () => {
    const start = performance.now()
    const before = process.threadCpuUsage()
    let count = 0
    for (; performance.now() - start < seconds * 1000; count += 50)
      for (let i = 0; i < 50; i++) length += work(count + i).lastIndexOf('\n', 40)
    const { user, system } = process.threadCpuUsage(before)
    return (count / (user + system)) * 1e6
  })
  if (Number.isNaN(length)) throw new Error('nothing was made')
  return median(measured.slice(1))
}

/** Five kilobytes, as they travel. */
async function wholeMails(): Promise<void> {
  const links = Array.from(
    { length: 10 },
    (_, n) => `<p>${paragraph} <a href="https://example.com/articles/${n}">see {{city}}</a></p>`,
  )
  const sources = {
    campaignId: 1,
    workspaceId: 1,
    subject: 'News for {{first_name|you}}',
    preheader: '',
    fromName: 'The shop',
    fromEmail: 'news@example.com',
    replyTo: '',
    opensTracked: true,
    clicksTracked: true,
    template: null,
    content:
      `<html><body><p>Dear {{first_name}} {{last_name|friend}},</p>${links.join('')}<p>{{points}} points.</p>` +
      '<a href="{{unsubscribe_url}}">Unsubscribe</a></body></html>',
    attachments: [],
    fields: fields.map(field => ({ ...field, options: [] })),
    locale: 'en',
  }
  const setting = {
    publicUrl: 'https://news.example.com',
    bounceDomain: 'bounce.example.com',
    listName: 'The shop',
    tokenKey: Buffer.alloc(32, 1),
    dkim: null,
  }
  const program = programAround(sources, compileBody(sources).body)
  const renderer = new Renderer(program, setting)
  const recipients = people.map((person, i) => ({ ...person, delivery_id: i + 1 }))
  const made = (i: number) => renderer.bytes(recipients[i % 1000] as (typeof recipients)[number]) as Rendered
  const bytes = made(1).bytes.length
  const own = rate(i => made(i).bytes.toString('latin1', 0, 60))
  const { parts, reversePath } = renderer.parts(recipients[1] as (typeof recipients)[number])
  const composer = await rateOf(async () => {
    const mail = new MailComposer({
      from: parts.from,
      to: parts.to,
      subject: parts.subject,
      html: parts.html ?? '',
      text: parts.text ?? '',
      envelope: { from: reversePath, to: parts.to.email },
      headers: Object.fromEntries(parts.headers),
    })
    return (await mail.compile().build()).toString('latin1', 0, 60)
  })
  report.table(
    [`a mail of ${bytes} bytes, 10 links tracked`, 'mails per CPU-s', 'beside ours'],
    [
      ['merged and composed', Math.round(own).toLocaleString('en'), ''],
      [
        'nodemailer, composed only',
        Math.round(composer).toLocaleString('en'),
        `${(own / composer).toFixed(1)} times slower`,
      ],
    ],
  )
}

async function rateOf(work: () => Promise<string>): Promise<number> {
  const measured: number[] = []
  for (let run = 0; run <= runs; run++) {
    const start = performance.now()
    const before = process.cpuUsage()
    let count = 0
    for (; performance.now() - start < seconds * 1000; count++) await work()
    const { user, system } = process.cpuUsage(before)
    measured.push((count / (user + system)) * 1e6)
  }
  return median(measured.slice(1))
}
