import { expect, it } from 'vitest'
import { formatHtml } from './format-html.ts'
import { formatStyle } from './format-style.ts'
import { htmlTokens } from './html-tokens.ts'

it('puts blocks on lines of their own and leaves inline elements in their text', () => {
  expect(formatHtml('<div><p>Hi <b>Ada</b>,<br>welcome</p></div>')).toBe(
    ['<div>', '  <p>', '    Hi <b>Ada</b>,<br>', '    welcome', '  </p>', '</div>'].join('\n'),
  )
})

it('does not touch white space that counts', () => {
  expect(formatHtml('<div><pre>a\n  b</pre></div>')).toContain('<pre>a\n  b</pre>')
})

it('keeps comments for Outlook whole', () => {
  const source = '<!--[if mso]><table><tr><td><![endif]--><p>x</p>'
  expect(formatHtml(source).split('\n')[0]).toBe('<!--[if mso]><table><tr><td><![endif]-->')
})

it('does not lose a character that is not white space, whatever the source', () => {
  for (const source of [
    '<p>never closed',
    '</div></div><p>too many</p>',
    'a < b and "c" > d <3 <',
    '<a href="x>y">z</a>',
    "<img alt='it\\'s' src=a/>",
    '<style>p{color:red}</style><script>if (a<b) c()</script>',
    '<TABLE CELLPADDING=0><TR><TD NOWRAP>x</TD></TR></TABLE>',
  ]) {
    expect(
      htmlTokens(source)
        .map(({ text }) => text)
        .join(''),
    ).toBe(source)
    expect(formatHtml(source).replaceAll(/\s/g, '')).toBe(source.replaceAll(/\s/g, ''))
  }
})

it('unfolds squeezed CSS and leaves data addresses in one piece', () => {
  const css = `@media (min-width:600px){.a{color:red;background:url(data:image/png;base64,AA==)}}.b{content:";{}"}${' '.repeat(160)}`
  expect(formatStyle(css).split('\n')).toEqual([
    '@media (min-width:600px) {',
    '  .a {',
    '    color:red;',
    '    background:url(data:image/png;base64,AA==)',
    '  }',
    '}',
    '.b {',
    '  content:";{}"',
    '}',
  ])
})

it('leaves readable CSS alone', () => {
  expect(formatStyle('p {\n  color: red;\n}')).toBe('p {\n  color: red;\n}')
})
