import { describe, expect, it } from 'vitest'
import { previewHtml } from './html-preview.ts'

const blocked = (html: string) => previewHtml(html, { remote: false, parts: { 'a@b': '/parts/1' } })
const open = (html: string) => previewHtml(html, { remote: true, parts: {} }).html

const css = (text: string) =>
  blocked(`<style>${text}</style>`).html.slice('<style>'.length, -'</style>'.length)

describe('captured HTML', () => {
  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<svg onload=alert(1)><script>alert(1)</script></svg>',
    '<a href="javascript:alert(1)">x</a>',
    '<a href=" java\nscript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<object data="javascript:alert(1)"></object><embed src="javascript:alert(1)">',
    '<base href="javascript:alert(1)//">',
    '<meta http-equiv="refresh" content="0;url=javascript:alert(1)">',
    '<form action="javascript:alert(1)"><button formaction="javascript:alert(1)">x</button></form>',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
    '<link rel=stylesheet href="javascript:alert(1)">',
    '<template><script>alert(1)</script></template>',
  ])('runs nothing: %s', html => {
    const { html: clean } = blocked(html)
    expect(clean).not.toMatch(/<script|<iframe|<object|<embed|<base|<form|<link|javascript:|refresh/i)
    // As an attribute; escaped inside another one it is text.
    expect(clean).not.toMatch(/<[^>"]*("[^"]*"[^>"]*)*\son\w+\s*=/i)
  })

  it('loads nothing from elsewhere until asked, and says how much it would', () => {
    const html =
      '<body background="http://t.example/1"><table background="//t.example/2"><tr><td style="background-image: url( \'https://t.example/3\' )">' +
      '<img src="HTTPS://t.example/4" srcset="https://t.example/5 1x, https://t.example/6 2x"><picture><source srcset="http://t.example/7"></picture>' +
      '<style>a{background:url(http://t.example/8)} @import url(http://t.example/no.css); @font-face{src:url(http://t.example/no.woff)} b{color:red}</style>'
    const { html: clean, remoteContent } = blocked(html)
    expect(clean).not.toContain('t.example')
    expect(clean).toContain('b{color:red}')
    expect(remoteContent).toBe(8)
    const shown = open(html)
    for (const n of [1, 2, 3, 4, 5, 6, 7, 8]) expect(shown).toContain(`t.example/${n}`)
    expect(shown).not.toContain('t.example/no')
  })

  it('keeps its own pictures', () => {
    expect(blocked('<img src="cid:a@b"><td background="CID:a%40b"><img src="cid:other">').html).toBe(
      '<img src="/parts/1" /><td background="/parts/1"><img /></td>',
    )
    expect(blocked('<p style="background:url(cid:a@b)">').html).toBe(
      '<p style="background:url(&quot;/parts/1&quot;)"></p>',
    )
    const gif = 'data:image/gif;base64,R0lGODlhAQABAAAAACw='
    expect(blocked(`<img src="${gif}">`)).toEqual({ html: `<img src="${gif}" />`, remoteContent: 0 })
  })

  it('keeps what mail is made of', () => {
    const html =
      '<html lang="de"><head><title>T</title><meta name="color-scheme" content="light dark"><style media="screen">.a>b{color:red}</style></head>' +
      '<body bgcolor="#fff"><center><table width="600" cellpadding="0" role="presentation"><tr><td align="center" valign="top" style="color:red">' +
      '<font color="#333" face="Arial">x</font></td></tr></table></center></body></html>'
    expect(blocked(html).html).toBe(html.replace('light dark">', 'light dark" />'))
  })

  it('keeps the doctype, so that the mail is laid out as it was meant', () => {
    const strict =
      '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">'
    expect(open(`${strict}<p>x</p>`)).toBe(`${strict}<p>x</p>`)
    expect(open('\n<!doctype html>\n<p>x</p>')).toBe('<!doctype html>\n\n<p>x</p>')
    expect(open('<!doctype svg [<!ENTITY a "b">]><p>x</p>')).not.toContain('ENTITY')
    expect(open('<p>x</p>')).toBe('<p>x</p>')
  })

  it('rewrites styles without losing what is around them', () => {
    expect(css('a{b:url("data:image/svg+xml,(x)")} c{d:e}')).toBe('a{b:url("data:image/svg+xml,(x)")} c{d:e}')
    expect(css('a{b:url(')).toBe('a{b:url(')
    expect(css(`a{b:url("x')}c{d:url(http://t.example)}`)).toBe(`a{b:none}c{d:none}`)
    expect(css('@font-face{src:url(data:font/woff2;base64,xx)}')).toBe(
      '@font-face{src:url("data:font/woff2;base64,xx")}',
    )
  })

  it('is read in reasonable time, however it is made', { timeout: 20_000 }, () => {
    for (const html of [
      '<div>'.repeat(50_000),
      `<style>${'url('.repeat(50_000)}</style>`,
      `<style>${'url("'.repeat(50_000)}</style>`,
      `<style>${'@font-face{'.repeat(50_000)}</style>`,
      `<p style="${'url( '.repeat(50_000)}">`,
      '<a href="'.repeat(50_000),
      '<style>'.repeat(50_000),
    ])
      expect(blocked(html).html.length).toBeLessThan(1_000_000)
  })
})
