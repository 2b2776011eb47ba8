import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Names of mail programs, in alphabetical order; a list that would be empty is left out. */
export interface ClientGroups {
  desktop?: string[]
  mobile?: string[]
  web?: string[]
}

/** What one feature of HTML or CSS meets out there. */
export interface Feature {
  slug: string
  title: string
  /** Its page at caniemail.com. */
  url: string
  none: ClientGroups
  partial: ClientGroups
}

interface Data {
  data: {
    slug: string
    title: string
    url: string
    stats: Record<string, Record<string, Record<string, string>>>
  }[]
  nicenames: { family: Record<string, string>; platform: Record<string, string> }
}

const GROUPS: Record<string, keyof ClientGroups> = {
  windows: 'desktop',
  'windows-mail': 'desktop',
  macos: 'desktop',
  'desktop-app': 'desktop',
  ios: 'mobile',
  android: 'mobile',
  'desktop-webmail': 'web',
  'mobile-webmail': 'web',
  webmail: 'web',
  'outlook-com': 'web',
}

/**
 * caniemail's tests of mail programs, feature by feature, by slug. Of the package only the data is used: its own
 * checker passes over what is inside @media and the functions in values, and gives lines of a style sheet as if
 * the document began with it.
 */
export function loadFeatures(): Map<string, Feature> {
  const file = fileURLToPath(import.meta.resolve('caniemail/caniemail.json'))
  const { data, nicenames } = JSON.parse(readFileSync(file, 'utf8')) as Data
  return new Map(
    data.map(({ slug, title, url, stats }) => {
      const feature: Feature = { slug, title: title.trim(), url, none: {}, partial: {} }
      for (const [family, platforms] of Object.entries(stats))
        for (const [platform, versions] of Object.entries(platforms)) {
          const group = GROUPS[platform]
          const support = latest(versions)
          const groups = support[0] === 'n' ? feature.none : support[0] === 'a' ? feature.partial : undefined
          if (group && groups) (groups[group] ??= []).push(clientName(nicenames, family, platform))
        }
      for (const names of [...Object.values(feature.none), ...Object.values(feature.partial)]) names.sort()
      return [slug, feature]
    }),
  )
}

function clientName({ family, platform }: Data['nicenames'], ofFamily: string, onPlatform: string): string {
  if (onPlatform === 'outlook-com') return 'Outlook.com'
  const name = family[ofFamily] ?? ofFamily
  return onPlatform === 'desktop-webmail' ? name : `${name} (${platform[onPlatform] ?? onPlatform})`
}

/** Versions are numbers or dates; a program that has both went from dates to numbers. */
function latest(versions: Record<string, string>): string {
  const [newest] = Object.entries(versions).toSorted(([a], [b]) => newer(b, a))
  return newest?.[1] ?? ''
}

function newer(a: string, b: string): number {
  const [first, second] = [a, b].map(version => version.split(/\D+/).map(Number)) as [number[], number[]]
  const dates = [first, second].map(([begins = 0]) => begins >= 1990)
  if (dates[0] !== dates[1]) return dates[0] ? -1 : 1
  for (let i = 0; i < Math.max(first.length, second.length); i++) {
    const difference = (first[i] ?? 0) - (second[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
