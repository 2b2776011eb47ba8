import type { FastifyReply } from 'fastify'
import { hash } from 'node:crypto'
import { type Html, html } from '../../../http/html.ts'
import type { Locale } from '../../public/texts.ts'
import { pageStyle } from './style.ts'

/** A page for people without a login: it needs no script and loads nothing from anywhere. */
export interface PublicPage {
  locale: Locale
  /** Empty: nobody knows whose it is. */
  name: string
  colour: string
  title: string
  body: Html
  /** Stands in a frame on somebody's page: without the frame of ours. */
  embedded?: boolean
}

/** What a page may do beyond showing text and posting to itself. */
export interface PageAllowances {
  /** Who may show it in a frame; default: nobody. */
  frameAncestors?: readonly string[]
  /** Where a form leads to after it was posted: browsers hold redirects to this too. */
  formAction?: string | undefined
  /** Sources of a captcha, by directive. */
  sources?: Record<string, string>
}

export function renderPage({ locale, name, colour, title, body, embedded = false }: PublicPage): string {
  const heading = html`<h1>${title}</h1>`
  return html`<!doctype html>
<html lang="${locale}"${embedded ? html` class="embedded"` : ''}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<title>${name === '' ? title : `${title} – ${name}`}</title>
<style>${{ html: styleOf(colour).css }}</style>
</head>
<body>
<main>
${name === '' || embedded ? html`` : html`<p class="name" dir="auto">${name}</p>`}
${title === '' ? html`` : heading}
${body}
</main>
</body>
</html>
`.html
}

/** Making it costs more than the rest of a page, and whoever guesses links is shown one after the other. */
const styles = new Map<string, { css: string; hash: string }>()
const MOST_STYLES = 1_000

function styleOf(colour: string): { css: string; hash: string } {
  let style = styles.get(colour)
  if (style === undefined) {
    const css = pageStyle(colour)
    style = { css, hash: hash('sha256', css, 'base64') }
    if (styles.size >= MOST_STYLES) styles.clear()
    styles.set(colour, style)
  }
  return style
}

/**
 * Nothing on it is kept or indexed: the address of many such pages is a secret. Its style is allowed by its hash,
 * so that one page is always the same bytes.
 */
export function sendPage(
  reply: FastifyReply,
  status: number,
  page: PublicPage,
  { frameAncestors = [], formAction = '', sources = {} }: PageAllowances = {},
): FastifyReply {
  const directives: Record<string, string> = {
    'default-src': `'none'`,
    'img-src': 'data:',
    'base-uri': `'none'`,
    ...sources,
    'style-src': `'sha256-${styleOf(page.colour).hash}' ${sources['style-src'] ?? ''}`,
    'form-action': `'self' ${formAction}`,
    'frame-ancestors': frameAncestors.length === 0 ? `'none'` : frameAncestors.join(' '),
  }
  if (frameAncestors.length === 0) reply.header('x-frame-options', 'DENY')
  return reply
    .code(status)
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': Object.entries(directives)
        .map(([name, value]) => `${name} ${value.trim()}`)
        .join('; '),
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'permissions-policy': 'camera=(), microphone=(), geolocation=()',
    })
    .send(renderPage(page))
}
