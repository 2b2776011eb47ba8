import { expect, it } from 'vitest'
import { htmlToSearchText } from './html-text.ts'

it.each([
  ['<p>one</p><p>two</p>', 'one two'],
  ['w<b>or</b>d <i>next</i>', 'word next'],
  ['a &lt;b&gt; &amp;amp; &nbsp; &#8364;&#x20ac; &bogus; &copy', 'a <b> &amp; €€ &bogus; ©'],
  ['<style>p{}</style>x<SCRIPT>var a = "<p>"</script >y', 'x y'],
  ['<!-- <p>hidden</p> -->seen<!doctype html>', 'seen'],
  ['1 < 2 and <br>3', '1 < 2 and 3'],
  ['open <p', 'open'],
  ['&#0;&#xd800;&#x110000;', ''],
])('%s', (html, text) => {
  expect(htmlToSearchText(html, 1000)).toBe(text)
})

it('stops at the limit', () => {
  expect(htmlToSearchText('<p>word</p>'.repeat(100), 9)).toBe('word word')
})
