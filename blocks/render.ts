import {
  type Align,
  type Block,
  type BlocksDocument,
  type ColumnsBlock,
  type Colours,
  FONTS,
  type FooterBlock,
  type ImageBlock,
  type LeafBlock,
  SOCIAL_NETWORKS,
  type SocialBlock,
  type ButtonBlock,
  type Theme,
} from './document.ts'
import { escapeText, escapeUrl } from './escape.ts'
import { inlineHtml, inlineText, paragraphsHtml } from './inline.ts'

/** Left and right of what stands in the column; half of it on each side of columns within. */
const MARGIN = 24
const SIZES = { 1: 28, 2: 22, 3: 18 } as const
const SMALL = 13
const RIGHT_TO_LEFT = /^(ar|dv|fa|he|ps|sd|ug|ur|yi)(-|$)/i

interface Place {
  theme: Theme
  /** Pixels there are for it, margin left out. */
  room: number
  margin: number
  /** Whether what stands here follows the theme's dark colours: on a background of its own it does not. */
  follows: boolean
  /** For the editor: rows say whose they are, columns which. */
  marked: boolean
}

/**
 * The HTML of a mail: tables and inline styles, because Outlook lays out with Word and Gmail drops style sheets of
 * mails it clips; columns that fold by themselves where media queries are not known. Merge tags are still in it.
 * `marked` for an editor: the row of each block has its id as `data-block`.
 */
export function renderBlocks(document: BlocksDocument, { marked = false } = {}): string {
  const { theme, preheader } = document
  const { colours } = theme
  const language = escapeText(document.language || 'en')
  const place: Place = {
    theme,
    room: theme.width - 2 * MARGIN,
    margin: MARGIN,
    follows: theme.dark !== null,
    marked,
  }
  const rows = document.blocks.map(block => row(block, place)).join('\n')
  const width = Math.round(theme.width)
  return `<!doctype html>
<html lang="${language}" dir="${RIGHT_TO_LEFT.test(document.language) ? 'rtl' : 'ltr'}" xmlns:o="urn:schemas-microsoft-com:office:office">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="x-apple-disable-message-reformatting">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no">
<meta name="color-scheme" content="${theme.dark ? 'light dark' : 'light only'}">
<meta name="supported-color-schemes" content="${theme.dark ? 'light dark' : 'light only'}">
<title>${escapeText(titleOf(document))}</title>
<!--[if mso]><noscript><xml><o:OfficeDocumentSettings><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml></noscript><style>table{border-collapse:collapse}td,p,a,h1,h2,h3,li{font-family:Arial,sans-serif !important}</style><![endif]-->
<style data-embed>${styleSheet(theme)}</style>
</head>
<body class="ph-page" style="margin:0;padding:0;width:100%;background-color:${theme.background};-webkit-text-size-adjust:100%;-ms-text-size-adjust:100%">
${hidden(preheader)}<div role="article" aria-roledescription="email" lang="${language}">
<table role="presentation" class="ph-page" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="${theme.background}" style="background-color:${theme.background}"><tr><td align="center" style="padding:24px 0">
<!--[if mso]><table role="presentation" width="${width}" cellpadding="0" cellspacing="0" border="0" align="center"><tr><td><![endif]-->
<table role="presentation" class="ph-surface" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="${colours.surface}" style="width:100%;max-width:${width}px;margin:0 auto;background-color:${colours.surface}">
${rows}
</table>
<!--[if mso]></td></tr></table><![endif]-->
</td></tr></table>
</div>
</body>
</html>
`
}

function titleOf({ preheader, blocks }: BlocksDocument): string {
  const heading = blocks.find(block => block.type === 'heading')
  return preheader || (heading ? inlineText(heading.text) : '')
}

/** Followed by blanks, or the list of mails would go on with the first words of the mail. */
function hidden(preheader: string): string {
  if (preheader === '') return ''
  const style =
    'display:none;font-size:1px;line-height:1px;max-height:0;max-width:0;opacity:0;overflow:hidden'
  return `<div style="${style};mso-hide:all">${escapeText(preheader)}${'&#847;&zwnj;&nbsp;'.repeat(60)}</div>\n`
}

/** Its tag says `data-embed`: whoever inlines styles leaves it alone, nothing in it would do its work elsewhere. */
function styleSheet({ dark }: Theme): string {
  const always = `a{text-decoration:underline}img{border:0;-ms-interpolation-mode:bicubic}
@media only screen and (max-width:480px){.ph-col{display:block !important;width:100% !important;max-width:100% !important}.ph-h1{font-size:24px !important}}`
  if (dark === null) return always
  const { colours, background } = dark
  const rules: [string, keyof Colours | 'page', string][] = [
    ['.ph-page', 'page', 'background-color'],
    ['.ph-surface', 'surface', 'background-color'],
    ['.ph-text', 'text', 'color'],
    ['.ph-heading', 'heading', 'color'],
    ['.ph-link', 'link', 'color'],
    ['.ph-muted', 'muted', 'color'],
    ['.ph-rule', 'muted', 'border-color'],
    ['.ph-button', 'button', 'background-color'],
    ['.ph-button-text', 'button_text', 'color'],
  ]
  const written = (prefix: string) =>
    rules
      .map(
        ([selector, of, property]) =>
          `${prefix}${selector}{${property}:${of === 'page' ? background : colours[of]} !important}`,
      )
      .join('')
  // Outlook's own apps mark what they recoloured with attributes instead of answering the media query.
  return `${always}
@media (prefers-color-scheme:dark){${written('')}}
${written('[data-ogsc] ')}`
}

function row(block: Block, place: Place): string {
  const { background } = block
  const own = background === '' ? place : { ...place, follows: false }
  const bleeds = (block.type === 'image' && block.bleed) || block.type === 'columns'
  const side = bleeds ? (block.type === 'columns' ? place.margin / 2 : 0) : place.margin
  const colour = background === '' ? '' : `background-color:${background};`
  const bgcolor = background === '' ? '' : ` bgcolor="${background}"`
  const padding = `padding:${block.space_above}px ${side}px ${block.space_below}px ${side}px`
  const mark = place.marked ? ` data-block="${escapeText(block.id)}"` : ''
  return `<tr${mark}><td${bgcolor} style="${colour}${padding}">${
    block.type === 'columns' ? columnsHtml(block, own) : leafHtml(block, own)
  }</td></tr>`
}

function leafHtml(block: LeafBlock, place: Place): string {
  const { theme } = place
  switch (block.type) {
    case 'heading': {
      const size = SIZES[block.level]
      const looks = `margin:0;font-family:${font(theme, 'heading')};font-size:${size}px;line-height:1.25;font-weight:700;color:${theme.colours.heading};text-align:${block.align}`
      const text = inlineHtml(block.text, classes(place, 'heading', `color:${theme.colours.heading}`))
      const folds = `h${block.level}${place.follows ? ' ph-heading' : ''}`
      return `<h${block.level} class="ph-${folds}" style="${looks}">${text}</h${block.level}>`
    }
    case 'text':
      return paragraphs(block.text, place, block.align)
    case 'image':
      return imageHtml(block, place)
    case 'button':
      return buttonHtml(block, place)
    case 'divider': {
      const style = `border-top:${block.thickness}px solid ${block.colour || theme.colours.muted};font-size:0;line-height:0`
      const attributes = block.colour === '' ? classes(place, 'rule', style) : ` style="${style}"`
      return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td${attributes}>&nbsp;</td></tr></table>`
    }
    case 'social':
      return socialHtml(block, place)
    case 'spacer':
      return `<div style="height:${block.height}px;line-height:${block.height}px;font-size:1px;mso-line-height-rule:exactly">&nbsp;</div>`
    case 'html':
      return block.html
    case 'content':
      return `<div${classes(place, 'text', textStyle(place, 'left'))}>{{content}}</div>`
    case 'footer':
      return footerHtml(block, place)
  }
}

function paragraphs(text: string, place: Place, align: Align): string {
  const style = textStyle(place, align)
  return paragraphsHtml(text, {
    link: classes(place, 'link', `color:${place.theme.colours.link}`),
    paragraph: classes(place, 'text', `margin:0 0 1em 0;${style}`),
    lastParagraph: classes(place, 'text', `margin:0;${style}`),
  })
}

function textStyle(
  { theme }: Place,
  align: Align,
  size = theme.font_size,
  colour = theme.colours.text,
): string {
  return `font-family:${font(theme, 'body')};font-size:${size}px;line-height:1.5;color:${colour};text-align:${align}`
}

function imageHtml({ src, alt, width, link, align, bleed }: ImageBlock, place: Place): string {
  const url = escapeUrl(src)
  if (url === '') return ''
  const most = Math.floor(bleed ? place.room + 2 * place.margin : place.room)
  const shown = width === 0 ? most : Math.min(Math.round(width), most)
  const aside = align === 'left' ? '0 auto 0 0' : align === 'right' ? '0 0 0 auto' : '0 auto'
  // An `align` of the table is what Outlook goes by, the margin is for all others.
  const image = `<img src="${url}" alt="${escapeText(alt)}" width="${shown}" style="display:block;width:100%;max-width:${shown}px;height:auto;margin:${aside};border:0">`
  const target = escapeUrl(link)
  const linked = target === '' ? image : `<a href="${target}" style="text-decoration:none">${image}</a>`
  return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td align="${align}">${linked}</td></tr></table>`
}

/** Word knows no padding of links, so the cell around it has it there. */
function buttonHtml(block: ButtonBlock, place: Place): string {
  const { theme } = place
  const colour = block.colour || theme.colours.button
  const text = block.text_colour || theme.colours.button_text
  const follows = place.follows && block.colour === '' && block.text_colour === ''
  const own = { ...place, follows }
  const url = escapeUrl(block.url)
  const cell = classes(
    own,
    'button',
    `background-color:${colour};border-radius:${block.radius}px;mso-padding-alt:12px 24px;text-align:center`,
  )
  const link = classes(
    own,
    'button-text',
    `display:inline-block;padding:12px 24px;font-family:${font(theme, 'body')};font-size:${theme.font_size}px;line-height:1.25;font-weight:600;color:${text};text-decoration:none;border-radius:${block.radius}px`,
  )
  const label = inlineHtml(block.label, '')
  const inside = url === '' ? `<span${link}>${label}</span>` : `<a href="${url}"${link}>${label}</a>`
  const width = block.full_width ? ' width="100%"' : ''
  return `<table role="presentation"${width} align="${block.align}" cellpadding="0" cellspacing="0" border="0"><tr><td bgcolor="${colour}" align="center"${cell}>${inside}</td></tr></table>`
}

function socialHtml({ align, links }: SocialBlock, { theme }: Place): string {
  const pills = links.flatMap(({ network, label, url }) => {
    const target = escapeUrl(
      network === 'email' && !/^(mailto:|\{)/i.test(url) && url.includes('@') ? `mailto:${url}` : url,
    )
    const { name, colour } = SOCIAL_NETWORKS[network]
    const style = `display:inline-block;margin:4px;padding:6px 12px;border-radius:14px;background-color:${colour};color:#ffffff;font-family:${font(theme, 'body')};font-size:${SMALL}px;line-height:1.25;font-weight:600;text-decoration:none`
    return target === '' ? [] : [`<a href="${target}" style="${style}">${escapeText(label || name)}</a>`]
  })
  return `<div style="text-align:${align}">${pills.join(' ')}</div>`
}

function footerHtml(block: FooterBlock, place: Place): string {
  const { muted } = place.theme.colours
  const style = textStyle(place, block.align, SMALL, muted)
  const link = classes(place, 'muted', `color:${muted};text-decoration:underline`)
  const ways = [
    block.unsubscribe_label &&
      `<a href="{{unsubscribe_url}}"${link}>${escapeText(block.unsubscribe_label)}</a>`,
    block.webview_label && `<a href="{{webview_url}}"${link}>${escapeText(block.webview_label)}</a>`,
  ].filter(Boolean)
  const last = (html: string) => `<p${classes(place, 'muted', `margin:8px 0 0 0;${style}`)}>${html}</p>`
  return [
    paragraphsHtml(block.text, {
      link,
      paragraph: classes(place, 'muted', `margin:0 0 8px 0;${style}`),
      lastParagraph: classes(place, 'muted', `margin:0;${style}`),
    }),
    block.address.trim() === '' ? '' : last(escapeText(block.address.trim()).replaceAll('\n', '<br>')),
    ways.length === 0 ? '' : last(ways.join(' &nbsp;·&nbsp; ')),
  ].join('')
}

/**
 * Boxes side by side as long as there is room for them, one under the other where there is not, without a media
 * query: Gmail's app knows none for some accounts. Outlook, which knows no boxes, gets a table of its own.
 */
function columnsHtml({ columns }: ColumnsBlock, place: Place): string {
  const half = place.margin / 2
  const whole = place.room + place.margin
  const shares = columns.reduce((sum, column) => sum + column.share, 0) || 1
  const cells = columns.map(({ share, blocks }, i) => {
    const width = Math.floor((whole * share) / shares)
    const inside = { ...place, room: width - place.margin, margin: half }
    const rows = blocks.map(block => row(block, inside)).join('')
    const [open, close] = [
      `<!--[if mso]>${i === 0 ? '' : '</td>'}<td width="${width}" valign="top"><![endif]-->`,
      i === columns.length - 1 ? '<!--[if mso]></td></tr></table><![endif]-->' : '',
    ]
    return `${open}<div class="ph-col" style="display:inline-block;width:100%;max-width:${width}px;vertical-align:top"><table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">${rows}</table></div>${close}`
  })
  return `<!--[if mso]><table role="presentation" width="${Math.floor(whole)}" cellpadding="0" cellspacing="0" border="0"><tr><![endif]--><div style="font-size:0;text-align:center">${cells.join('')}</div>`
}

/** What follows the theme's dark colours has a class for it. */
function classes({ follows }: Place, name: string, style: string): string {
  return follows ? ` class="ph-${name}" style="${style}"` : ` style="${style}"`
}

function font({ fonts }: Theme, of: keyof Theme['fonts']): string {
  return FONTS[fonts[of]]
}
