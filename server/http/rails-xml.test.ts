import { expect, it } from 'vitest'
import { railsXml } from './rails-xml.ts'

/** What follows the declaration. */
function body(value: unknown, root = 'hash', floats: string[] = []): string {
  const xml = railsXml(value, root, floats)
  expect(xml).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/)
  return xml.slice(xml.indexOf('\n') + 1)
}

it('writes a list as the contract has it', () => {
  const inbox = {
    id: 3,
    company_id: 1,
    name: 'Staging',
    email_username_enabled: false,
    last_message_sent_at: null,
    smtp_ports: [2525],
  }
  expect(railsXml([inbox], 'inboxes')).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<inboxes type="array">
  <inbox>
    <id type="integer">3</id>
    <company-id type="integer">1</company-id>
    <name>Staging</name>
    <email-username-enabled type="boolean">false</email-username-enabled>
    <last-message-sent-at nil="true"/>
    <smtp-ports type="array">
      <smtp-port type="integer">2525</smtp-port>
    </smtp-ports>
  </inbox>
</inboxes>
`)
})

it('writes refusals', () => {
  expect(body({ error: 'Not Found' })).toBe('<hash>\n  <error>Not Found</error>\n</hash>\n')
  expect(body({ name: ["can't be blank"], base: ['a', 'b'] }, 'errors')).toBe(`<errors>
  <name type="array">
    <name>can't be blank</name>
  </name>
  <base type="array">
    <base>a</base>
    <base>b</base>
  </base>
</errors>
`)
})

it('writes nothing at all in five ways', () => {
  expect(body([], 'inboxes')).toBe('<inboxes type="array"/>\n')
  expect(body({ a: '', b: null, c: [], d: {}, e: undefined })).toBe(
    '<hash>\n  <a></a>\n  <b nil="true"/>\n  <c type="array"/>\n  <d>\n  </d>\n</hash>\n',
  )
})

it.each<[string, unknown, string]>([
  ['count', 3, '<count type="integer">3</count>'],
  ['score', -0.1, '<score type="float">-0.1</score>'],
  ['Score', 5, '<Score type="float">5.0</Score>'],
  ['is_read', true, '<is-read type="boolean">true</is-read>'],
  [
    'created_at',
    '2016-06-14T08:51:25.221Z',
    '<created-at type="dateTime">2016-06-14T08:51:25.221Z</created-at>',
  ],
  [
    'sent_at',
    '2013-08-25T19:32:07.576+03:00',
    '<sent-at type="dateTime">2013-08-25T19:32:07.576+03:00</sent-at>',
  ],
  ['sent_at', 'yesterday', '<sent-at>yesterday</sent-at>'],
  ['ResponseCode', 0, '<ResponseCode type="integer">0</ResponseCode>'],
  ['text', `<a href="x">'&amp;'</a>`, `<text>&lt;a href="x"&gt;'&amp;amp;'&lt;/a&gt;</text>`],
  ['text', 'a\0b\x08\x1b[0m\ufffe\uffff\ud800c\udfff\t\u{1f600}', '<text>ab[0mc\t\u{1f600}</text>'],
  ['text', 'two\r\nlines', '<text>two&#13;\nlines</text>'],
  ['x_what!is"this>', 'x', '<x-what-is-this->x</x-what-is-this->'],
  ['7', 'x', '<h-7>x</h-7>'],
  ['-a', 'x', '<h--a>x</h--a>'],
  ['größe', 'x', '<gr--e>x</gr--e>'],
])('writes %s: %j', (key, value, expected) => {
  expect(body({ [key]: value }, 'hash', ['Score'])).toBe(`<hash>\n  ${expected}\n</hash>\n`)
})

it.each([
  ['companies', 'company'],
  ['inboxes', 'inbox'],
  ['inboxes_users', 'inboxes-user'],
  ['rcpt_to_addrs', 'rcpt-to-addr'],
  ['addresses', 'address'],
  ['Details', 'Detail'],
  ['received', 'received'],
  ['x_status', 'x-status'],
])('names what is in %s: %s', (plural, one) => {
  expect(body([1], plural)).toContain(`\n  <${one} type="integer">1</${one}>\n`)
})

it('keeps the order of a map, whatever its keys look like', () => {
  const headers = new Map<string, unknown>([
    ['b', '1'],
    ['7', ['x', 'y']],
    ['__proto__', null],
  ])
  expect(body({ headers })).toBe(`<hash>
  <headers>
    <b>1</b>
    <h-7 type="array">
      <h-7>x</h-7>
      <h-7>y</h-7>
    </h-7>
    <h---proto-- nil="true"/>
  </headers>
</hash>
`)
})
