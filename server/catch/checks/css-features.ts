import type { CssListener } from './css-scan.ts'
import { imageFeatures } from './image-features.ts'

/** Which features of caniemail's a piece of CSS uses, by slug. */
export type Found = (slug: string, at: number) => void

/** Properties that share a page, or go by another name there; every other one has a page of its own, or none. */
const PAGES: [pattern: RegExp, slug: string][] = [
  [/^(?:block|inline)-size$/, 'css-block-inline-size'],
  [/^border-(?:inline|block)$/, 'css-border-inline-block'],
  [/^border-(?:inline|block)-(?:start|end)$/, 'css-border-inline-block-individual'],
  [/^border-(?:inline|block)-(?:color|style|width)$/, 'css-border-inline-block-longhand'],
  [/^border-(?:start|end)-(?:start|end)-radius$/, 'css-border-radius-logical'],
  [/^border-(?:top|bottom)-(?:left|right)-radius$/, 'css-border-radius'],
  [/^border-image-/, 'css-border-image'],
  [/^border-(?:color|style|width|(?:top|right|bottom|left)(?:-(?:color|style|width))?)$/, 'css-border'],
  [
    /^(?:columns|column-(?:count|fill|rule|rule-color|rule-style|rule-width|span|width))$/,
    'css-column-layout-properties',
  ],
  [/^(?:row|column)-gap$/, 'css-gap'],
  [/^grid-template-/, 'css-grid-template'],
  [/^(?:left|right|top|bottom)$/, 'css-left-right-top-bottom'],
  [/^(margin|padding)-(?:inline|block)$/, 'css-$1-inline-block'],
  [/^(margin|padding)-(inline|block)-(?:start|end)$/, 'css-$1-$2-start-end'],
  [/^(margin|padding)-(?:top|right|bottom|left)$/, 'css-$1'],
  [/^(animation|outline|transition|scroll-snap)-(?!offset)/, 'css-$1'],
  [/^overflow-[xy]$/, 'css-overflow'],
  [/^text-emphasis-(?:color|style)$/, 'css-text-emphasis'],
  [/^--/, 'css-variables'],
]

/** Pages under `css-` that are no property's. */
const NO_PROPERTY =
  /^css-(?:at-|comments|function-|important|inert|intrinsic|nesting|pseudo-|rgba?$|selector-|unit-|variables)/

const PAIRS = new Map([
  ['display:flex', 'css-display-flex'],
  ['display:inline-flex', 'css-display-flex'],
  ['display:grid', 'css-display-grid'],
  ['display:inline-grid', 'css-display-grid'],
  ['display:none', 'css-display-none'],
  ['flex-direction:column', 'css-flex-direction'],
  ['flex-wrap:wrap', 'css-flex-wrap'],
])

const FUNCTIONS = new Map(
  Object.entries({
    calc: 'css-unit-calc',
    clamp: 'css-function-clamp',
    max: 'css-function-max',
    min: 'css-function-min',
    'light-dark': 'css-function-light-dark',
    'linear-gradient': 'css-linear-gradient',
    'repeating-linear-gradient': 'css-linear-gradient',
    'radial-gradient': 'css-radial-gradient',
    'repeating-radial-gradient': 'css-radial-gradient',
    'conic-gradient': 'css-conic-gradient',
    lab: 'css-modern-color',
    lch: 'css-modern-color',
    oklab: 'css-modern-color',
    oklch: 'css-modern-color',
    rgb: 'css-rgb',
    rgba: 'css-rgba',
    var: 'css-variables',
  }),
)

const MEDIA: [condition: RegExp, slug: string][] = [
  [/device-pixel-ratio/, 'css-at-media-device-pixel-ratio'],
  [/\((?:any-)?hover/, 'css-at-media-hover'],
  [/\(orientation/, 'css-at-media-orientation'],
  [/\(prefers-color-scheme/, 'css-at-media-prefers-color-scheme'],
  [/\(prefers-reduced-motion/, 'css-at-media-prefers-reduced-motion'],
]

const SELECTORS: [pattern: RegExp, slug: string][] = [
  [/,/, 'css-selector-grouping'],
  [/\+/, 'css-selector-adjacent-sibling'],
  [/>/, 'css-selector-child'],
  [/~/, 'css-selector-general-sibling'],
  [/\[/, 'css-selector-attribute'],
  [/\.[\w-]/, 'css-selector-class'],
  [/\.[\w-]+\.[\w-]/, 'css-selector-chaining'],
  [/#[\w-]/, 'css-selector-id'],
  [/\*/, 'css-selector-universal'],
  [/(?:^|[\s,>+~])[a-z]/i, 'css-selector-type'],
  [/[^\s,>+~]\s+[^\s,>+~]/, 'css-selector-descendant'],
]

/** @param base where in the document the CSS begins */
export function cssFeatures(known: ReadonlySet<string>, found: Found, base: number): CssListener {
  return {
    declaration(property, value, at) {
      for (const slug of propertyPages(known, property)) found(slug, base + at)
      for (const slug of valuePages(property, value)) found(slug, base + at)
    },
    selectors(text, at, nested) {
      if (nested || text.includes('&')) found('css-nesting', base + at)
      for (const slug of selectorPages(known, text)) found(slug, base + at)
    },
    atRule(name, prelude, at) {
      found(`css-at-${name}`, base + at)
      if (name === 'media')
        for (const [condition, slug] of MEDIA) if (condition.test(prelude)) found(slug, base + at)
    },
    comment: at => found('css-comments', base + at),
  }
}

function propertyPages(known: ReadonlySet<string>, property: string): string[] {
  const own = `css-${property}`
  const pages = known.has(own) && !NO_PROPERTY.test(own) ? [own] : []
  for (const [pattern, slug] of PAGES) {
    const match = pattern.exec(property)
    if (match) pages.push(slug.replace('$1', match[1] ?? '').replace('$2', match[2] ?? ''))
  }
  return pages
}

function valuePages(property: string, value: string): string[] {
  const pages = imageFeatures(addressesIn(value))
  // What is in quotes or in an address is no unit, no function and no keyword.
  const bare = value.replaceAll(/"[^"]*"|'[^']*'|url\([^)]*\)/g, ' ')
  const pair = PAIRS.get(`${property}:${bare.replace(/\s*!important$/, '').trim()}`)
  if (pair) pages.push(pair)
  if (bare.includes('!important')) pages.push('css-important')
  if (/(?:^|[\s,])(?:fit|min|max)-content(?:$|[\s,;!])/.test(bare)) pages.push('css-intrinsic-size')
  if (/(?:^|[\s,])(?:system-ui|ui-(?:serif|sans-serif|rounded|monospace))(?:$|[\s,;!])/.test(bare))
    pages.push('css-sytem-ui')
  if (/(?:^|\s)initial(?:$|\s)/.test(bare)) pages.push('css-unit-initial')
  for (const [, name = ''] of bare.matchAll(/(?<![\w-])([a-z-]+)\(/g)) {
    const page = FUNCTIONS.get(name)
    if (page) pages.push(page)
  }
  for (const [, unit = ''] of bare.matchAll(
    /(?<![\w#.-])[+-]?(?:\d+\.?\d*|\.\d+)(%|ch|cm|em|ex|in|mm|pc|pt|px|rem|vh|vmax|vmin|vw)(?![\w-])/g,
  ))
    pages.push(unit === '%' ? 'css-unit-percent' : `css-unit-${unit}`)
  return pages
}

function selectorPages(known: ReadonlySet<string>, text: string): string[] {
  const pages: string[] = []
  for (const [, colons, name = ''] of text.matchAll(/(::?)([a-z-]+)/gi)) {
    const kinds = colons === '::' ? ['element'] : ['class', 'element']
    for (const kind of kinds) {
      const slug = `css-pseudo-${kind}-${name.toLowerCase()}`
      if (known.has(slug)) pages.push(slug)
    }
  }
  const bare = text
    .replaceAll(/"[^"]*"|'[^']*'/g, '')
    .replaceAll(/\[[^\]]*\]/g, '[')
    .replaceAll(/\([^)]*\)/g, '')
  for (const [pattern, slug] of SELECTORS) if (pattern.test(bare)) pages.push(slug)
  return pages
}

function addressesIn(value: string): string[] {
  return [...value.matchAll(/url\(\s*["']?([^"')]*)/g)].map(([, address = '']) => address)
}
