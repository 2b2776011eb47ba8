/** Colours as `#3355aa`, made readable: a workspace chooses one, not whether people can read what stands on it. */

const WHITE = '#ffffff'
const BLACK = '#000000'
/** Contrast of text to what is behind it (WCAG 2.2, success criterion 1.4.3). */
const READABLE = 4.5

/** Black or white, whichever stands out more: one of the two always does enough. */
export function readableOn(ground: string): string {
  return contrast(WHITE, ground) >= contrast(BLACK, ground) ? WHITE : BLACK
}

/** The colour itself, or as much darker or lighter as it takes to be read on that ground. */
export function readable(colour: string, ground: string): string {
  const towards = readableOn(ground)
  for (let part = 0; part < 1; part += 0.05) {
    const mixed = mix(colour, towards, part)
    if (contrast(mixed, ground) >= READABLE) return mixed
  }
  return towards
}

/** From 1 to 21 (WCAG 2.2, definition of contrast ratio). */
export function contrast(one: string, other: string): number {
  const [a, b] = [luminance(one), luminance(other)]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channels(colour).map(channel => {
    const part = channel / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function mix(colour: string, towards: string, part: number): string {
  const other = channels(towards)
  const mixed = channels(colour).map((channel, i) => Math.round(channel + ((other[i] ?? 0) - channel) * part))
  return `#${mixed.map(channel => channel.toString(16).padStart(2, '0')).join('')}`
}

function channels(colour: string): number[] {
  return [1, 3, 5].map(at => Number.parseInt(colour.slice(at, at + 2), 16))
}
