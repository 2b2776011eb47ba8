import {
  AlignLeft,
  Code,
  Columns2,
  Heading,
  Image,
  type LucideIcon,
  Minus,
  MousePointerClick,
  MoveVertical,
  PanelBottom,
  Share2,
  TextCursorInput,
} from 'lucide-react'
import type { Block, BlocksDocument, BlockType } from '../../../../blocks/document.ts'
import { inlineText, paragraphsText } from '../../../../blocks/inline.ts'
import { allBlocks, type PlacedBlock } from './places.ts'

export const BLOCK_KINDS: Record<BlockType, { name: string; about: string; icon: LucideIcon }> = {
  heading: { name: 'Heading', about: 'A title in one of three sizes', icon: Heading },
  text: { name: 'Text', about: 'Paragraphs, lists, links', icon: AlignLeft },
  image: { name: 'Picture', about: 'From your media, or by address', icon: Image },
  button: { name: 'Button', about: 'The one thing to do', icon: MousePointerClick },
  columns: { name: 'Columns', about: 'Two to four, stacked on phones', icon: Columns2 },
  divider: { name: 'Divider', about: 'A thin line', icon: Minus },
  spacer: { name: 'Space', about: 'Room to breathe', icon: MoveVertical },
  social: { name: 'Social links', about: 'Where else to find you', icon: Share2 },
  content: { name: 'Campaign content', about: 'Where a campaign’s own words go', icon: TextCursorInput },
  html: { name: 'HTML', about: 'Goes in as it is', icon: Code },
  footer: { name: 'Footer', about: 'Who writes, and the way out', icon: PanelBottom },
}

/** The first words of a block, for lists and announcements. */
function gist(block: Block): string {
  switch (block.type) {
    case 'heading':
      return inlineText(block.text)
    case 'text':
    case 'footer':
      return paragraphsText(block.text)
    case 'button':
      return block.label
    case 'image':
      return block.alt
    case 'columns':
      return `${block.columns.length} columns`
    case 'social':
      return block.links.map(({ network }) => network).join(', ')
    default:
      return ''
  }
}

/** As read out: “Heading: Hello, 1 of 5” or “Text: …, column 2 of 2, 1 of 3”. */
export function spoken(document: BlocksDocument, { block, place, of }: PlacedBlock): string {
  const words = gist(block).replace(/\s+/g, ' ').trim().slice(0, 60)
  const outer = place.within && allBlocks(document).find(other => other.block.id === place.within?.id)?.block
  const column =
    place.within && outer?.type === 'columns'
      ? `, column ${place.within.column + 1} of ${outer.columns.length}`
      : ''
  return `${BLOCK_KINDS[block.type].name}${words && `: ${words}`}${column}, ${place.index + 1} of ${of}`
}
