export type TokenKind = 'text' | 'tag' | 'name' | 'value' | 'quiet'

export interface HtmlToken {
  kind: TokenKind
  text: string
}

// Comments and doctypes, then tags, then what is between them. A tag that never closes is text.
const MARKUP = /<!--[\s\S]*?(?:-->|$)|<![^>]*>|<\/?[a-zA-Z][^\s/>]*(?:"[^"]*"|'[^']*'|[^"'>])*>/g
const ATTRIBUTE = /([^\s=/>"']+)(?:(\s*=\s*)("[^"]*"|'[^']*'|[^\s>]+))?|([\s/]+)/g

/** Enough of HTML to colour it: for reading, not for understanding. Joined, the tokens are the source. */
export function htmlTokens(source: string): HtmlToken[] {
  const tokens: HtmlToken[] = []
  const add = (kind: TokenKind, text: string | undefined) => {
    if (text) tokens.push({ kind, text })
  }
  let at = 0
  for (const match of source.matchAll(MARKUP)) {
    add('text', source.slice(at, match.index))
    at = match.index + match[0].length
    if (match[0].startsWith('<!')) add('quiet', match[0])
    else addTag(match[0], add)
  }
  add('text', source.slice(at))
  return tokens
}

function addTag(tag: string, add: (kind: TokenKind, text: string | undefined) => void): void {
  const opening = /^<\/?[^\s/>]+/.exec(tag)?.[0] ?? '<'
  const closing = tag.endsWith('/>') ? '/>' : '>'
  add('tag', opening)
  for (const [, name, equals, value, space] of tag
    .slice(opening.length, -closing.length)
    .matchAll(ATTRIBUTE)) {
    add('name', name)
    add('text', equals)
    add('value', value)
    add('text', space)
  }
  add('tag', closing)
}
