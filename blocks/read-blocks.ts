import {
  type Align,
  type Block,
  type BlocksDocument,
  type BlockType,
  type Colours,
  type Column,
  FONTS,
  type LeafBlock,
  NEW_BLOCKS,
  NEW_THEME,
  newDocument,
  SOCIAL_NETWORKS,
  type SocialLink,
  type Theme,
} from './document.ts'

export interface BlocksFault {
  /** As `blocks[2].columns[0].blocks[1].src`; empty: the whole. */
  path: string
  message: string
}

const MAX_BLOCKS = 400
const MAX_TEXT = 100_000
const MAX_HTML = 1_000_000
const ALIGNS: readonly Align[] = ['left', 'center', 'right']

/**
 * A document out of JSON, as text or parsed. What is missing is as it is in a new block; what is unknown is
 * left out; a value of the wrong kind is a fault.
 */
export function readBlocks(json: unknown): { document: BlocksDocument } | { faults: BlocksFault[] } {
  let given = json
  if (typeof json === 'string')
    try {
      given = JSON.parse(json)
    } catch (error) {
      return { faults: [{ path: '', message: `is not JSON: ${(error as Error).message}` }] }
    }
  const reader = new Reader()
  const document = reader.document(given)
  return reader.faults.length > 0 ? { faults: reader.faults } : { document }
}

type Given = Record<string, unknown>

class Reader {
  readonly faults: BlocksFault[] = []
  readonly #ids = new Set<string>()
  #count = 0

  document(given: unknown): BlocksDocument {
    const fresh = newDocument()
    const document = this.#object(given, '')
    if (document === undefined) return fresh
    if (document.version !== undefined && document.version !== 1) this.#fault('version', 'must be 1')
    return {
      version: 1,
      preheader: this.#text(document, '', 'preheader', '', 1000),
      language: this.#text(document, '', 'language', fresh.language, 35),
      theme: this.#theme(document.theme),
      blocks: this.#list(document.blocks, 'blocks', MAX_BLOCKS, (one, path) => this.#block(one, path)),
    }
  }

  #theme(given: unknown): Theme {
    const theme = given === undefined ? {} : (this.#object(given, 'theme') ?? {})
    const fonts = theme.fonts === undefined ? {} : (this.#object(theme.fonts, 'theme.fonts') ?? {})
    const names = Object.keys(FONTS) as (keyof typeof FONTS)[]
    return {
      width: this.#number(theme, 'theme', 'width', NEW_THEME.width, 320, 900),
      fonts: {
        body: this.#oneOf(fonts, 'theme.fonts', 'body', NEW_THEME.fonts.body, names),
        heading: this.#oneOf(fonts, 'theme.fonts', 'heading', NEW_THEME.fonts.heading, names),
      },
      font_size: this.#number(theme, 'theme', 'font_size', NEW_THEME.font_size, 10, 32),
      colours: this.#colours(theme.colours, 'theme.colours', NEW_THEME.colours),
      background: this.#colour(theme, 'theme', 'background', NEW_THEME.background),
      dark: this.#dark(theme.dark),
    }
  }

  #dark(given: unknown): Theme['dark'] {
    if (given === null || NEW_THEME.dark === null) return null
    const dark = given === undefined ? {} : (this.#object(given, 'theme.dark') ?? {})
    return {
      colours: this.#colours(dark.colours, 'theme.dark.colours', NEW_THEME.dark.colours),
      background: this.#colour(dark, 'theme.dark', 'background', NEW_THEME.dark.background),
    }
  }

  #colours(given: unknown, path: string, usual: Colours): Colours {
    const colours = given === undefined ? {} : (this.#object(given, path) ?? {})
    const keys = Object.keys(usual) as (keyof Colours)[]
    const entries = keys.map(key => [key, this.#colour(colours, path, key, usual[key])])
    return Object.fromEntries(entries) as unknown as Colours
  }

  #block(given: unknown, path: string): Block[] {
    const block = this.#object(given, path)
    if (block === undefined) return []
    if (block.type !== 'columns') return this.#leaf(block, path)
    const columns = this.#list(block.columns, `${path}.columns`, 4, (one, at) => this.#column(one, at))
    if (columns.length < 2) this.#fault(`${path}.columns`, 'must be two to four')
    return [{ ...this.#base(block, path, 'columns'), type: 'columns', columns }]
  }

  #column(given: unknown, path: string): Column[] {
    const column = this.#object(given, path)
    if (column === undefined) return []
    return [
      {
        share: this.#number(column, path, 'share', 1, 1, 100),
        blocks: this.#list(column.blocks, `${path}.blocks`, MAX_BLOCKS, (one, at) => {
          const block = this.#object(one, at)
          if (block?.type === 'columns') this.#fault(at, 'columns do not stand in columns')
          return block === undefined || block.type === 'columns' ? [] : this.#leaf(block, at)
        }),
      },
    ]
  }

  #leaf(given: Given, path: string): LeafBlock[] {
    const text = (key: string, usual: string, most = 2000) => this.#text(given, path, key, usual, most)
    const colour = (key: string) => this.#colour(given, path, key, '', true)
    const align = (usual: Align) => this.#oneOf(given, path, 'align', usual, ALIGNS)
    switch (given.type) {
      case 'heading':
        return [
          {
            ...this.#base(given, path, 'heading'),
            type: 'heading',
            text: text('text', NEW_BLOCKS.heading.text),
            level: this.#oneOf(given, path, 'level', 1, [1, 2, 3]),
            align: align('left'),
          },
        ]
      case 'text':
        return [
          {
            ...this.#base(given, path, 'text'),
            type: 'text',
            text: text('text', NEW_BLOCKS.text.text, MAX_TEXT),
            align: align('left'),
          },
        ]
      case 'image':
        return [
          {
            ...this.#base(given, path, 'image'),
            type: 'image',
            src: text('src', ''),
            alt: text('alt', ''),
            width: this.#number(given, path, 'width', 0, 0, 2400),
            link: text('link', ''),
            align: align('center'),
            bleed: this.#truth(given, path, 'bleed'),
          },
        ]
      case 'button':
        return [
          {
            ...this.#base(given, path, 'button'),
            type: 'button',
            label: text('label', NEW_BLOCKS.button.label),
            url: text('url', ''),
            align: align('left'),
            full_width: this.#truth(given, path, 'full_width'),
            radius: this.#number(given, path, 'radius', NEW_BLOCKS.button.radius, 0, 100),
            colour: colour('colour'),
            text_colour: colour('text_colour'),
          },
        ]
      case 'divider':
        return [
          {
            ...this.#base(given, path, 'divider'),
            type: 'divider',
            thickness: this.#number(given, path, 'thickness', 1, 1, 20),
            colour: colour('colour'),
          },
        ]
      case 'social':
        return [
          {
            ...this.#base(given, path, 'social'),
            type: 'social',
            align: align('center'),
            links: this.#list(given.links, `${path}.links`, 20, (one, at) => this.#socialLink(one, at)),
          },
        ]
      case 'spacer':
        return [
          {
            ...this.#base(given, path, 'spacer'),
            type: 'spacer',
            height: this.#number(given, path, 'height', NEW_BLOCKS.spacer.height, 1, 400),
          },
        ]
      case 'html':
        return [{ ...this.#base(given, path, 'html'), type: 'html', html: text('html', '', MAX_HTML) }]
      case 'content':
        return [{ ...this.#base(given, path, 'content'), type: 'content' }]
      case 'footer':
        return [
          {
            ...this.#base(given, path, 'footer'),
            type: 'footer',
            text: text('text', NEW_BLOCKS.footer.text, 10_000),
            address: text('address', ''),
            unsubscribe_label: text('unsubscribe_label', NEW_BLOCKS.footer.unsubscribe_label),
            webview_label: text('webview_label', NEW_BLOCKS.footer.webview_label),
            align: align('center'),
          },
        ]
      default:
        this.#fault(`${path}.type`, `must be ${Object.keys(NEW_BLOCKS).join(', ')}`)
        return []
    }
  }

  #socialLink(given: unknown, path: string): SocialLink[] {
    const link = this.#object(given, path)
    if (link === undefined) return []
    const networks = Object.keys(SOCIAL_NETWORKS) as (keyof typeof SOCIAL_NETWORKS)[]
    return [
      {
        network: this.#oneOf(link, path, 'network', 'website', networks),
        label: this.#text(link, path, 'label', '', 100),
        url: this.#text(link, path, 'url', '', 2000),
      },
    ]
  }

  #base(given: Given, path: string, type: BlockType) {
    if (++this.#count === MAX_BLOCKS + 1) this.#fault('blocks', `must not be more than ${MAX_BLOCKS}`)
    const usual = NEW_BLOCKS[type]
    return {
      id: this.#id(this.#text(given, path, 'id', '', 64)),
      space_above: this.#number(given, path, 'space_above', usual.space_above, 0, 200),
      space_below: this.#number(given, path, 'space_below', usual.space_below, 0, 200),
      background: this.#colour(given, path, 'background', usual.background, true),
    }
  }

  /** Whoever wrote the JSON by hand need not think of any. */
  #id(wished: string): string {
    let id = wished
    for (let n = this.#count; id === '' || this.#ids.has(id); n++) id = `b${n}`
    this.#ids.add(id)
    return id
  }

  #object(given: unknown, path: string): Given | undefined {
    if (typeof given === 'object' && given !== null && !Array.isArray(given)) return given as Given
    this.#fault(path, 'must be an object')
    return undefined
  }

  #list<T>(given: unknown, path: string, most: number, read: (one: unknown, path: string) => T[]): T[] {
    if (given === undefined) return []
    if (!Array.isArray(given)) {
      this.#fault(path, 'must be a list')
      return []
    }
    if (given.length > most) this.#fault(path, `must not be more than ${most}`)
    return given.slice(0, most).flatMap((one, i) => read(one, `${path}[${i}]`))
  }

  #text(given: Given, path: string, key: string, usual: string, most: number): string {
    const value = given[key]
    if (value === undefined) return usual
    if (typeof value !== 'string') this.#fault(under(path, key), 'must be text')
    else if (value.length > most) this.#fault(under(path, key), `must not be longer than ${most} characters`)
    else return value
    return usual
  }

  #number(given: Given, path: string, key: string, usual: number, least: number, most: number): number {
    const value = given[key]
    if (value === undefined) return usual
    if (typeof value === 'number' && value >= least && value <= most) return value
    this.#fault(under(path, key), `must be a number from ${least} to ${most}`)
    return usual
  }

  #truth(given: Given, path: string, key: string): boolean {
    const value = given[key]
    if (value !== undefined && typeof value !== 'boolean')
      this.#fault(under(path, key), 'must be true or false')
    return value === true
  }

  #oneOf<T extends string | number>(
    given: Given,
    path: string,
    key: string,
    usual: T,
    allowed: readonly T[],
  ): T {
    if (given[key] === undefined) return usual
    const found = allowed.find(value => value === given[key])
    if (found === undefined) this.#fault(under(path, key), `must be ${allowed.join(', ')}`)
    return found ?? usual
  }

  #colour(given: Given, path: string, key: string, usual: string, mayBeEmpty = false): string {
    const value = given[key]
    if (value === undefined) return usual
    if (typeof value === 'string' && (/^#[\da-f]{6}$/i.test(value) || (mayBeEmpty && value === '')))
      return value.toLowerCase()
    this.#fault(under(path, key), 'must be a colour as #1a2b3c')
    return usual
  }

  #fault(path: string, message: string): void {
    if (this.faults.length < 50) this.faults.push({ path, message })
  }
}

function under(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}
