// @vitest-environment jsdom
import { expect, it } from 'vitest'
import { isSimple, simplified } from './simple-html.ts'

it('leaves what can be written in it as it is', () => {
  const html =
    '<h2>News &amp; more</h2><p>Hello {{first_name|there}}, <a href="{{webview_url}}">look</a><br><img src="cid:logo" alt="Logo"></p><ul><li>One</li></ul>'
  expect(simplified(html)).toBe(html)
  expect(isSimple(html)).toBe(true)
  expect(isSimple('')).toBe(true)
  expect(isSimple('Just words')).toBe(true)
})

it('lets nothing in that runs, loads or looks different', () => {
  expect(
    simplified(
      '<div onclick="a()">One <span style="color:red">two</span></div><script>b()</script><p class="x"><a href="javascript:c()">three</a><img src=x onerror="d()"><img src="data:image/svg+xml,<svg/>"></p><svg><a href="https://e">f</a></svg>',
    ),
  ).toBe('<p>One two</p><p><a>three</a></p>')
})

it('knows what it would spoil', () => {
  for (const html of [
    '<table><tr><td>1</td></tr></table>',
    '<p style="color: red">Red</p>',
    '<!-- note --><p>Hi</p>',
    '{% if first_name %}Hi{% endif %}',
    '<div>Hi</div>',
  ])
    expect(isSimple(html), html).toBe(false)
})
