/** A grey card in the shape of a picture: what stands for one that is not fetched. */
const PLACEHOLDER =
  'data:image/svg+xml,' +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="240" viewBox="0 0 600 240"><rect width="600" height="240" fill="#8882"/><path d="M262 140l24-30 18 20 12-14 22 24z" fill="#8886"/><circle cx="318" cy="98" r="8" fill="#8886"/></svg>',
  )

interface FrameHtml {
  html: string
  /** Pictures and styles of other servers that are left out: the app fetches nothing from anywhere but its own. */
  remote: number
}

type Scheme = 'light' | 'dark'

/** The same in every browser, and whatever the reader of this page prefers. */
const ALWAYS = '(min-width:0px)'
const NEVER = '(max-width:0px)'

/**
 * A mail as a sandboxed frame can show it. What the frame would refuse noisily is taken out first: scripts, and all
 * that is on other servers; our own pictures are asked for where the app itself came from.
 */
export function forFrame(html: string, publicUrl: string, scheme: Scheme = 'light'): FrameHtml {
  const mail = new DOMParser().parseFromString(html, 'text/html')
  let remote = 0
  for (const element of mail.querySelectorAll(
    'script, iframe, object, embed, meta[http-equiv="refresh" i], base',
  ))
    element.remove()
  for (const element of mail.querySelectorAll('link[href]')) {
    element.remove()
    remote += 1
  }
  for (const element of mail.querySelectorAll('*'))
    for (const name of element.getAttributeNames()) if (name.startsWith('on')) element.removeAttribute(name)
  for (const picture of mail.querySelectorAll('img[src]')) {
    const src = nearby(picture.getAttribute('src') ?? '', publicUrl)
    if (src === null) remote += 1
    picture.setAttribute('src', src ?? PLACEHOLDER)
  }
  for (const element of mail.querySelectorAll('[srcset]')) element.removeAttribute('srcset')
  for (const element of mail.querySelectorAll('[background]')) {
    const src = nearby(element.getAttribute('background') ?? '', publicUrl)
    if (src === null) element.removeAttribute('background')
    else element.setAttribute('background', src)
  }
  const css = (text: string) =>
    text
      .replace(/@import[^;]*;?/gi, '')
      .replace(/\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)/gi, (_all, wanted: string) =>
        wanted.toLowerCase() === scheme ? ALWAYS : NEVER,
      )
      .replace(/url\(\s*(['"]?)(.*?)\1\s*\)/gi, (_all, _quote, address: string) => {
        const src = nearby(address, publicUrl)
        if (src === null) remote += 1
        return src === null ? 'none' : `url("${src}")`
      })
  for (const style of mail.querySelectorAll('style')) style.textContent = css(style.textContent)
  for (const element of mail.querySelectorAll('[style*="url" i]'))
    element.setAttribute('style', css(element.getAttribute('style') ?? ''))
  for (const link of mail.querySelectorAll('a[href], area[href]')) {
    link.setAttribute('target', '_blank')
    link.setAttribute('rel', 'noopener noreferrer')
  }
  return { html: `<!doctype html>${mail.documentElement.outerHTML}`, remote }
}

/** The address as this page may ask for it; null: it may not. Merge tags in an address are not yet anything. */
function nearby(address: string, publicUrl: string): string | null {
  if (/^data:image\//i.test(address)) return address
  const base = publicUrl.replace(/\/$/, '')
  if (address.startsWith(`${base}/media/`)) return address.slice(base.length)
  if (address.startsWith('/media/')) return address
  return null
}
