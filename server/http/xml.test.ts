import { expect, it } from 'vitest'
import { Problem } from '../problem.ts'
import { railsXml } from './rails-xml.ts'
import { readXml } from './xml.ts'

const read = (text: string) => readXml(Buffer.from(text))
const nested = (depth: number) => '<a>'.repeat(depth) + '</a>'.repeat(depth)

it.each<[string, unknown]>([
  ['<inbox><name>New</name></inbox>', { inbox: { name: 'New' } }],
  ['<message><is-read type="boolean">true</is-read></message>', { message: { is_read: true } }],
  ['<message><is_read type="boolean"> 0 </is_read></message>', { message: { is_read: false } }],
  ['<message><is-read type="boolean">perhaps</is-read></message>', { message: { is_read: 'perhaps' } }],
  ['<message><is-read>true</is-read></message>', { message: { is_read: 'true' } }],
  ['<inbox><company-id type="integer">7</company-id></inbox>', { inbox: { company_id: 7 } }],
  ['<inbox><company-id type="integer">-07\n</company-id></inbox>', { inbox: { company_id: -7 } }],
  ['<a><b type="integer">seven</b></a>', { a: { b: 'seven' } }],
  ['<a><b type="integer">99999999999999999999</b></a>', { a: { b: '99999999999999999999' } }],
  ['<hash><email>a@b.c</email></hash>', { email: 'a@b.c' }],
  ['<email>a@b.c</email>', { email: 'a@b.c' }],
  [
    '<hash><api-token>x</api-token><inbox><name>y</name></inbox></hash>',
    { api_token: 'x', inbox: { name: 'y' } },
  ],
  ['<hash/>', {}],
  ['<hash>text</hash>', {}],
  ['<inbox/>', { inbox: '' }],
  ['<inbox><name></name><max-size nil="true"/></inbox>', { inbox: { name: '', max_size: null } }],
  ['<ids type="array"><id type="integer">1</id><id type="integer">2</id></ids>', { ids: [1, 2] }],
  ['<ids type="array"/>', { ids: [] }],
  ['<a><b>1</b><c>2</c><b>3</b></a>', { a: { b: ['1', '3'], c: '2' } }],
  [
    `<?xml version='1.0' encoding='utf-8' standalone="yes"?>\n<!-- <a> --><?php no ?><a  x="1"\n type = 'string' ><!----> b</a >\n<!-- -->`,
    { a: ' b' },
  ],
  ['\ufeff<a>&lt;&amp;&gt;&quot;&apos;&#65;&#x1F600;<![CDATA[<&amp;]]></a>', { a: `<&>"'A\u{1f600}<&amp;` }],
  ['<a>one\r\ntwo\rthree&#13;</a>', { a: 'one\ntwo\nthree\r' }],
  ['<größe>ja</größe>', { größe: 'ja' }],
  ['<toString><valueOf>1</valueOf></toString>', { toString: { valueOf: '1' } }],
  ['<a><__proto__><x>1</x></__proto__><constructor>1</constructor><b>2</b></a>', { a: { b: '2' } }],
  ['<__proto__><x>1</x></__proto__>', {}],
  [`<a>${'<b/>'.repeat(9_999)}</a>`, { a: { b: Array.from({ length: 9_999 }, () => '') } }],
])('reads %.80s', (xml, expected) => {
  const body = read(xml)
  expect(body).toEqual(expected)
  expect(Object.getPrototypeOf(body)).toBe(Object.prototype)
})

it('goes 32 elements deep', () => {
  expect(read(nested(32))).toHaveProperty(Array.from({ length: 32 }, () => 'a').join('.'), '')
})

it.each([
  '',
  ' \n',
  'text',
  '{"inbox":{}}',
  '<',
  '<a',
  '<a>',
  '<a></b>',
  '<a></a',
  '<a/><b/>',
  '<a/>text',
  'text<a/>',
  '<a><b></a></b>',
  '<a b></a>',
  '<a b=1></a>',
  '<a b="<"></a>',
  '<a b="1"c="2"></a>',
  '<1a/>',
  '< a/>',
  '<a>&nbsp;</a>',
  '<a>&</a>',
  '<a>&amp</a>',
  '<a>&#0;</a>',
  '<a>&#xD800;</a>',
  '<a>&#x110000;</a>',
  '<a>&#;</a>',
  '<a b="&lol;"/>',
  '<a>\0</a>',
  '<a>\x1b</a>',
  '<a>\ufffe</a>',
  '<a><!-- </a>',
  '<a><![CDATA[ </a>',
  '<![CDATA[a]]>',
  '<!DOCTYPE a><a/>',
  '<!doctype a [<!ENTITY b "c">]><a>&b;</a>',
  '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
  '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "http://127.0.0.1/">]><a>&b;</a>',
  '<a><!ELEMENT b ANY></a>',
  '<?xml version="1.0" encoding="ISO-8859-1"?><a/>',
  '<?xml version="1.0" encoding="utf-16"?><a/>',
  '<?xml version="2.0"?><a/>',
  ' <?xml version="1.0" encoding="ISO-8859-1"?><a/>',
  '<?xml encoding="utf-8"?><a/>',
  nested(33),
  nested(100_000),
  '<a>'.repeat(100_000),
  `<a>${'<b/>'.repeat(10_000)}</a>`,
  `<a${' b=""'.repeat(10_000)}/>`,
])('refuses %.60j', xml => {
  expect(() => read(xml)).toThrow(expect.objectContaining({ kind: 'malformed' }) as Problem)
})

it.each([
  ['Latin-1', Buffer.from('<a>\xe9</a>', 'latin1')],
  ['UTF-16', Buffer.from('\ufeff<a/>', 'utf16le')],
  ['a cut-off character', Buffer.from('<a>€</a>').subarray(0, 5)],
])('refuses %s', (_name, bytes) => {
  expect(() => readXml(bytes)).toThrow(Problem)
})

it('reads what the server writes', () => {
  const inbox = {
    id: 3,
    name: 'Straße & <Söhne>\r\n"x"',
    email_username: '',
    used: true,
    last_message_sent_at: null,
    smtp_ports: [25, 2525],
    nothing: [],
  }
  expect(read(railsXml(inbox, 'inbox'))).toEqual({ inbox })
})
