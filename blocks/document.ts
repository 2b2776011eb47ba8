/**
 * A mail as the visual editor writes it: typed blocks, rendered by render.ts in the browser and on the server.
 * Documents are kept as JSON for years, so a change of shape is a new `version` that read-blocks.ts understands.
 *
 * `text` fields hold the small markup of inline.ts (bold, italic, links, lists), everything else is plain text.
 * Merge tags may stand in every text and in every address. Colours are `#rrggbb`; lengths are pixels.
 */
export interface BlocksDocument {
  version: 1
  /** What a list of mails shows beside the subject; empty: the first words of the mail. */
  preheader: string
  /** Of the text, as BCP 47 has it: screen readers go by it. */
  language: string
  theme: Theme
  blocks: Block[]
}

export interface Theme {
  /** Of the column the blocks stand in. */
  width: number
  fonts: { body: FontName; heading: FontName }
  /** Of the text of a text block. */
  font_size: number
  colours: Colours
  /** Around the column. */
  background: string
  /** What mail programs in dark mode are told to use; null: theirs. */
  dark: { colours: Colours; background: string } | null
}

export interface Colours {
  /** The column itself. */
  surface: string
  text: string
  heading: string
  link: string
  /** Of buttons. */
  button: string
  button_text: string
  /** Footer and dividers. */
  muted: string
}

export type FontName = keyof typeof FONTS

/** Fonts that readers have: what has to be loaded, most mail programs do not load. */
export const FONTS = {
  system: `-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif`,
  arial: `Arial, Helvetica, sans-serif`,
  verdana: `Verdana, Geneva, sans-serif`,
  trebuchet: `'Trebuchet MS', Tahoma, sans-serif`,
  georgia: `Georgia, 'Times New Roman', serif`,
  times: `'Times New Roman', Times, serif`,
  courier: `'Courier New', Courier, monospace`,
} as const

export type Align = 'left' | 'center' | 'right'

interface AnyBlock {
  /** Unique in the document; the editor's own. */
  id: string
  space_above: number
  space_below: number
  /** Behind the block; empty: what is behind the column. */
  background: string
}

interface HeadingBlock extends AnyBlock {
  type: 'heading'
  text: string
  level: 1 | 2 | 3
  align: Align
}

interface TextBlock extends AnyBlock {
  type: 'text'
  text: string
  align: Align
}

export interface ImageBlock extends AnyBlock {
  type: 'image'
  src: string
  /** Empty: the picture says nothing that the text does not. */
  alt: string
  /** At most; 0: as wide as there is room. */
  width: number
  /** Where a click leads; empty: nowhere. */
  link: string
  align: Align
  /** From edge to edge of the column, without the margin that text has. */
  bleed: boolean
}

export interface ButtonBlock extends AnyBlock {
  type: 'button'
  label: string
  url: string
  align: Align
  full_width: boolean
  radius: number
  /** Empty: the theme's. */
  colour: string
  text_colour: string
}

export interface ColumnsBlock extends AnyBlock {
  type: 'columns'
  /** Two to four; below 480 pixels they stand one under the other. */
  columns: Column[]
}

export interface Column {
  /** Of the whole width, in proportion to those of the others. */
  share: number
  blocks: LeafBlock[]
}

interface DividerBlock extends AnyBlock {
  type: 'divider'
  thickness: number
  /** Empty: the theme's `muted`. */
  colour: string
}

export interface SocialBlock extends AnyBlock {
  type: 'social'
  align: Align
  links: SocialLink[]
}

export interface SocialLink {
  network: SocialNetwork
  /** Of `website` and where the name of the network does not do; empty: that name. */
  label: string
  url: string
}

export type SocialNetwork = keyof typeof SOCIAL_NETWORKS

export const SOCIAL_NETWORKS = {
  website: { name: 'Website', colour: '#475569' },
  email: { name: 'E-mail', colour: '#475569' },
  bluesky: { name: 'Bluesky', colour: '#0560c2' },
  discord: { name: 'Discord', colour: '#4752c4' },
  facebook: { name: 'Facebook', colour: '#0a5ed7' },
  github: { name: 'GitHub', colour: '#24292f' },
  instagram: { name: 'Instagram', colour: '#c1275f' },
  linkedin: { name: 'LinkedIn', colour: '#0a66c2' },
  mastodon: { name: 'Mastodon', colour: '#563acc' },
  pinterest: { name: 'Pinterest', colour: '#bd081c' },
  telegram: { name: 'Telegram', colour: '#1a6f9c' },
  threads: { name: 'Threads', colour: '#111111' },
  tiktok: { name: 'TikTok', colour: '#111111' },
  whatsapp: { name: 'WhatsApp', colour: '#117a4c' },
  x: { name: 'X', colour: '#111111' },
  youtube: { name: 'YouTube', colour: '#cc0000' },
} as const

interface SpacerBlock extends AnyBlock {
  type: 'spacer'
  height: number
}

/** Goes into the mail as it is. */
interface HtmlBlock extends AnyBlock {
  type: 'html'
  html: string
}

/** Where a campaign puts its own content: `{{content}}`. */
interface ContentBlock extends AnyBlock {
  type: 'content'
}

export interface FooterBlock extends AnyBlock {
  type: 'footer'
  /** Why somebody gets this mail. */
  text: string
  /** Who writes, and from where: the law of many countries wants it. */
  address: string
  /** Of the link that unsubscribes; empty: none. */
  unsubscribe_label: string
  /** Of the link that shows the mail in a browser; empty: none. */
  webview_label: string
  align: Align
}

/** All that may stand in a column. */
export type LeafBlock =
  | HeadingBlock
  | TextBlock
  | ImageBlock
  | ButtonBlock
  | DividerBlock
  | SocialBlock
  | SpacerBlock
  | HtmlBlock
  | ContentBlock
  | FooterBlock

export type Block = LeafBlock | ColumnsBlock
export type BlockType = Block['type']

const base = { id: '', space_above: 12, space_below: 12, background: '' }

/** What a block is made of before anybody wrote in it. */
export const NEW_BLOCKS: { readonly [T in BlockType]: Extract<Block, { type: T }> } = {
  heading: { ...base, type: 'heading', text: 'A heading', level: 1, align: 'left' },
  text: { ...base, type: 'text', text: 'Write something.', align: 'left' },
  image: { ...base, type: 'image', src: '', alt: '', width: 0, link: '', align: 'center', bleed: false },
  button: {
    ...base,
    type: 'button',
    label: 'Read more',
    url: 'https://',
    align: 'left',
    full_width: false,
    radius: 6,
    colour: '',
    text_colour: '',
  },
  columns: {
    ...base,
    type: 'columns',
    columns: [
      { share: 1, blocks: [] },
      { share: 1, blocks: [] },
    ],
  },
  divider: { ...base, type: 'divider', thickness: 1, colour: '' },
  social: {
    ...base,
    type: 'social',
    align: 'center',
    links: [{ network: 'website', label: '', url: 'https://' }],
  },
  spacer: { ...base, space_above: 0, space_below: 0, type: 'spacer', height: 24 },
  html: { ...base, type: 'html', html: '' },
  content: { ...base, type: 'content' },
  footer: {
    ...base,
    type: 'footer',
    text: 'You get this mail because you signed up for it.',
    address: '',
    unsubscribe_label: 'Unsubscribe',
    webview_label: 'View in browser',
    align: 'center',
  },
}

/** A block to begin with. */
export function newBlock<T extends BlockType>(type: T, id: string): Extract<Block, { type: T }> {
  return { ...structuredClone<Extract<Block, { type: T }>>(NEW_BLOCKS[type]), id }
}

export const NEW_THEME: Theme = {
  width: 600,
  fonts: { body: 'system', heading: 'system' },
  font_size: 16,
  colours: {
    surface: '#ffffff',
    text: '#1f2937',
    heading: '#111827',
    link: '#1d4ed8',
    button: '#1d4ed8',
    button_text: '#ffffff',
    muted: '#6b7280',
  },
  background: '#f3f4f6',
  dark: {
    colours: {
      surface: '#1b1f27',
      text: '#e5e7eb',
      heading: '#f9fafb',
      link: '#93c5fd',
      button: '#93c5fd',
      button_text: '#0b1220',
      muted: '#9ca3af',
    },
    background: '#0f1218',
  },
}

/** A mail to begin with: a heading, the place for the campaign's content, a footer. */
export function newDocument(): BlocksDocument {
  return {
    version: 1,
    preheader: '',
    language: 'en',
    theme: structuredClone(NEW_THEME),
    blocks: [
      { ...newBlock('heading', 'b1'), text: 'Hello {{first_name|there}}' },
      newBlock('content', 'b2'),
      newBlock('footer', 'b3'),
    ],
  }
}
