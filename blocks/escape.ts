// None of these patterns can take more than one way through a text: an author's typing error must not hang a browser.
/** `{{…}}` of merge tags and Liquid, `{%…%}` of Liquid. */
export const MERGE_TAG = /(\{\{[^\n{}]*\}\}|\{%[^\n{}%]*(?:%(?!\})[^\n{}%]*)*%\})/
const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** For text and for attributes in quotes. Merge tags stay as they are: whoever fills them in escapes what they become. */
export function escapeText(text: string): string {
  if (!/[&<>"']/.test(text)) return text
  if (!text.includes('{')) return escapeAll(text)
  return text
    .split(MERGE_TAG)
    .map((piece, i) => (i % 2 === 1 ? piece : escapeAll(piece)))
    .join('')
}

function escapeAll(text: string): string {
  return text.replaceAll(/[&<>"']/g, character => ENTITIES[character] ?? '')
}

/**
 * An address for `href` or `src`, escaped; empty if a mail should not have it. Addresses without a scheme stay,
 * and so do those that begin with a merge tag.
 */
export function escapeUrl(url: string): string {
  // Browsers overlook control characters within a scheme.
  // oxlint-disable-next-line no-control-regex
  const clean = url.replaceAll(/[\u0000-\u001f\u007f]/g, '').trim()
  const scheme = /^([a-z][a-z0-9+.-]*)\s*:/i.exec(clean)?.[1]?.toLowerCase()
  if (scheme !== undefined && !ALLOWED.has(scheme) && !/^data:image\/(png|gif|jpe?g|webp);/i.test(clean))
    return ''
  return escapeText(clean)
}

const ALLOWED = new Set(['http', 'https', 'mailto', 'tel', 'sms', 'cid', 'ftp', 'webcal', 'geo'])
