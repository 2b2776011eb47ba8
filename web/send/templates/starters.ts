import {
  type Block,
  type BlocksDocument,
  NEW_BLOCKS,
  NEW_THEME,
  newDocument,
  type Theme,
} from '../../../blocks/document.ts'
import type { TemplateKindWire as TemplateKind } from '../../../server/send/api/templates-wire.ts'

export interface Starter {
  name: string
  about: string
  source: () => string
}

type Parts<T extends Block['type']> = Partial<Extract<Block, { type: T }>>

/** Numbers blocks as they are made. */
function maker() {
  let last = 0
  return <T extends Block['type']>(type: T, parts: Parts<T> = {}): Extract<Block, { type: T }> => {
    last += 1
    return { ...structuredClone(NEW_BLOCKS[type]), ...parts, id: `b${last}` } as Extract<Block, { type: T }>
  }
}

function mail(blocks: Block[], theme: Partial<Theme> = {}, preheader = ''): string {
  const document: BlocksDocument = {
    ...newDocument(),
    preheader,
    theme: { ...structuredClone(NEW_THEME), ...theme },
    blocks,
  }
  return JSON.stringify(document, null, 2)
}

const LINE = '#cfd4d8'

function newsletter(): string {
  const make = maker()
  const colours = { ...NEW_THEME.colours, heading: '#1d2a26', link: '#1f6f54', button: '#1f6f54' }
  return mail(
    [
      make('text', { text: '**Your company**', space_above: 24, space_below: 0 }),
      make('heading', { text: 'What we did this month', space_above: 8, space_below: 4 }),
      make('text', { text: 'Hello {{first_name|there}}, here is the short version.', space_above: 0 }),
      make('divider', { colour: LINE, space_above: 8, space_below: 8 }),
      make('content'),
      make('divider', { colour: LINE, space_above: 16, space_below: 8 }),
      make('columns', {
        columns: [
          {
            share: 1,
            blocks: [
              make('heading', { text: 'First story', level: 3, space_below: 0 }),
              make('text', {
                text: 'Two or three sentences that make somebody want to read on.',
                space_above: 4,
              }),
              make('button', { label: 'Read the story', url: 'https://example.com/first', space_above: 4 }),
            ],
          },
          {
            share: 1,
            blocks: [
              make('heading', { text: 'Second story', level: 3, space_below: 0 }),
              make('text', { text: 'What changed, who it is for, and what to do about it.', space_above: 4 }),
              make('button', { label: 'Read the story', url: 'https://example.com/second', space_above: 4 }),
            ],
          },
        ],
      }),
      make('social', {
        space_above: 24,
        links: [
          { network: 'website', label: '', url: 'https://example.com' },
          { network: 'mastodon', label: '', url: 'https://mastodon.example/@you' },
          { network: 'linkedin', label: '', url: 'https://www.linkedin.com/company/you' },
        ],
      }),
      make('footer', { address: 'Your company, 1 Example Street, 12345 Town', space_below: 24 }),
    ],
    { colours, fonts: { body: 'system', heading: 'georgia' }, background: '#eef1ec' },
    'The short version of this month',
  )
}

function announcement(): string {
  const make = maker()
  const colours = { ...NEW_THEME.colours, heading: '#1e1b3a', link: '#4338ca', button: '#4338ca' }
  return mail(
    [
      make('spacer', { height: 20 }),
      make('heading', { text: 'Something new is here', align: 'center', space_below: 4 }),
      make('text', {
        text: 'One sentence that says what it is, and why {{first_name|you}} will like it.',
        align: 'center',
        space_above: 0,
      }),
      make('button', { label: 'Have a look', url: 'https://example.com/new', align: 'center', radius: 20 }),
      make('content', { space_above: 24 }),
      make('footer', {
        address: 'Your company, 1 Example Street, 12345 Town',
        space_above: 32,
        space_below: 24,
      }),
    ],
    { colours, background: '#eeedf7' },
    'What it is, and why you will like it',
  )
}

function letter(): string {
  const make = maker()
  return mail(
    [
      make('text', { text: 'Hello {{first_name|there}},', space_above: 28, space_below: 0 }),
      make('content', { space_above: 8, space_below: 8 }),
      make('text', { text: 'Kind regards,\n\nAda at Your company', space_above: 0, space_below: 20 }),
      make('divider', { colour: LINE, space_above: 0, space_below: 0 }),
      make('footer', {
        align: 'left',
        address: 'Your company, 1 Example Street, 12345 Town',
        webview_label: '',
      }),
    ],
    { fonts: { body: 'georgia', heading: 'georgia' }, width: 560, background: '#ffffff' },
  )
}

function receipt(): string {
  const make = maker()
  const row = (what: string, price: string) =>
    make('columns', {
      space_above: 0,
      space_below: 0,
      columns: [
        { share: 3, blocks: [make('text', { text: what, space_above: 4, space_below: 4 })] },
        { share: 1, blocks: [make('text', { text: price, align: 'right', space_above: 4, space_below: 4 })] },
      ],
    })
  const colours = { ...NEW_THEME.colours, heading: '#111827', link: '#0f766e', button: '#0f766e' }
  return mail(
    [
      make('heading', {
        text: 'Thank you, {{first_name|dear customer}}',
        level: 2,
        space_above: 28,
        space_below: 4,
      }),
      make('text', { text: 'This is what you ordered. Keep it for your records.', space_above: 0 }),
      make('divider', { colour: LINE }),
      row('Item one', '€ 24.00'),
      row('Item two', '€ 18.00'),
      row('Shipping', '€ 4.90'),
      make('divider', { colour: LINE }),
      row('**Total**', '**€ 46.90**'),
      make('content'),
      make('button', { label: 'See your order', url: 'https://example.com/order', full_width: true }),
      make('footer', {
        text: 'You get this mail because you bought something from us.',
        address: 'Your company, 1 Example Street, 12345 Town',
        space_below: 24,
      }),
    ],
    { colours, width: 520 },
  )
}

const HTML_ANNOUNCEMENT = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <style>
    body { margin: 0; background: #f1f2f4; font: 16px/1.6 Arial, Helvetica, sans-serif; color: #1f2937 }
    .mail { width: 100%; max-width: 600px; margin: 0 auto; background: #ffffff }
    .inside { padding: 32px }
    h1 { margin: 0 0 16px; font-size: 26px; line-height: 1.25; color: #111827 }
    a { color: #1d4ed8 }
    .small { padding: 24px 32px; font-size: 13px; color: #6b7280 }
    /* Styles are inlined when the mail is sent: what is to win over them has to be important. */
    @media (prefers-color-scheme: dark) {
      body { background: #0f1218 !important; color: #e5e7eb !important }
      .mail { background: #1b1f27 !important }
      h1 { color: #f9fafb !important }
      a { color: #93c5fd !important }
      .small { color: #9ca3af !important }
    }
  </style>
</head>
<body>
  <table role="presentation" class="mail" align="center" cellpadding="0" cellspacing="0">
    <tr>
      <td class="inside">
        <h1>Hello {{first_name|there}}</h1>
        {{content}}
      </td>
    </tr>
    <tr>
      <td class="small">
        You get this mail because you signed up for it.
        <a href="{{unsubscribe_url}}">Unsubscribe</a> or <a href="{{webview_url}}">view it in a browser</a>.
      </td>
    </tr>
  </table>
</body>
</html>
`

const HTML_EMPTY = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
</head>
<body>
  {{content}}
  <p><a href="{{unsubscribe_url}}">Unsubscribe</a></p>
</body>
</html>
`

const MJML_NEWSLETTER = `<mjml>
  <mj-head>
    <mj-preview>The short version of this month</mj-preview>
    <mj-attributes>
      <mj-all font-family="Arial, Helvetica, sans-serif" />
      <mj-text font-size="16px" line-height="1.6" color="#1f2937" />
    </mj-attributes>
  </mj-head>
  <mj-body background-color="#eef1ec">
    <mj-section background-color="#ffffff" padding-top="32px">
      <mj-column>
        <mj-text font-size="26px" font-weight="bold" line-height="1.25">What we did this month</mj-text>
        <mj-text>Hello {{first_name|there}}, here is the short version.</mj-text>
        <mj-text>{{content}}</mj-text>
        <mj-button href="https://example.com" background-color="#1f6f54">Read more</mj-button>
      </mj-column>
    </mj-section>
    <mj-section>
      <mj-column>
        <mj-text font-size="13px" color="#59605b" align="center">
          You get this mail because you signed up for it. <a href="{{unsubscribe_url}}">Unsubscribe</a>
        </mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
`

const MJML_EMPTY = `<mjml>
  <mj-body>
    <mj-section>
      <mj-column>
        <mj-text>{{content}}</mj-text>
        <mj-text><a href="{{unsubscribe_url}}">Unsubscribe</a></mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
`

const MARKDOWN_LETTER = `Hello {{first_name|there}},

{{content}}

Kind regards,
Ada at Your company

---

You get this mail because you signed up for it. [Unsubscribe]({{unsubscribe_url}})
`

const MARKDOWN_EMPTY = `{{content}}

[Unsubscribe]({{unsubscribe_url}})
`

const as = (text: string) => () => text

export const STARTERS: Record<TemplateKind, Starter[]> = {
  blocks: [
    { name: 'Newsletter', about: 'Stories in two columns', source: newsletter },
    { name: 'Announcement', about: 'One thing, one button', source: announcement },
    { name: 'Letter', about: 'Just words, signed', source: letter },
    { name: 'Receipt', about: 'Rows and a total', source: receipt },
    {
      name: 'Empty',
      about: 'A heading, your words, a footer',
      source: () => JSON.stringify(newDocument(), null, 2),
    },
  ],
  html: [
    { name: 'Announcement', about: 'A card that knows dark mode', source: as(HTML_ANNOUNCEMENT) },
    { name: 'Empty', about: 'A page with the two tags every mail needs', source: as(HTML_EMPTY) },
  ],
  mjml: [
    { name: 'Newsletter', about: 'Sections, a button, a footer', source: as(MJML_NEWSLETTER) },
    { name: 'Empty', about: 'One column', source: as(MJML_EMPTY) },
  ],
  markdown: [
    { name: 'Letter', about: 'Just words, signed', source: as(MARKDOWN_LETTER) },
    { name: 'Empty', about: 'The two tags every mail needs', source: as(MARKDOWN_EMPTY) },
  ],
}
