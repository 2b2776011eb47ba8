import type { Block, BlockType, Theme } from '../../../../blocks/document.ts'
import type { TemplateLanguage } from '../../../calls/templates.ts'
import type { BlockEditing } from './block-editing.ts'
import { BLOCK_KINDS } from './block-kinds.ts'
import { ColumnsFields } from './columns-fields.tsx'
import { AlignField, ChoiceField, ColourField, Group, NumberField } from './fields.tsx'
import { ImageFields } from './image-fields.tsx'
import { placed } from './places.ts'
import { SocialFields } from './social-fields.tsx'
import { Switch } from '../../../ui/switch.tsx'
import { LineField, TextField } from './text-fields.tsx'

interface InspectorProps {
  editing: BlockEditing
  language: TemplateLanguage
}

/** What can be set for the selected block. */
export function Inspector({ editing, language }: InspectorProps) {
  const found = placed(editing.document, editing.selected)
  if (!found)
    return (
      <p className="p-4 text-pretty text-soft">
        Choose a block of the mail to change what is in it. Arrow keys go from one to the next.
      </p>
    )
  const { block } = found
  const { id } = block
  return (
    <div key={id}>
      <Group title={BLOCK_KINDS[block.type].name}>
        <Fields
          block={block}
          theme={editing.document.theme}
          language={language}
          change={(changes, of) => editing.change(id, changes, of)}
          exchange={change => editing.exchange(id, change)}
        />
      </Group>
      <Group title="Around it">
        <div className="grid grid-cols-2 gap-3">
          <NumberField
            label="Space above"
            min={0}
            max={200}
            step={4}
            value={block.space_above}
            onChange={space_above => editing.change(id, { space_above }, 'above')}
          />
          <NumberField
            label="Space below"
            min={0}
            max={200}
            step={4}
            value={block.space_below}
            onChange={space_below => editing.change(id, { space_below }, 'below')}
          />
        </div>
        <ColourField
          label="Background"
          value={block.background}
          empty={{ name: 'none', colour: editing.document.theme.colours.surface }}
          onChange={background => editing.change(id, { background }, 'background')}
        />
      </Group>
    </div>
  )
}

export interface BlockFieldsProps<T extends BlockType> {
  block: Extract<Block, { type: T }>
  theme: Theme
  language: TemplateLanguage
  /** `of` names the field: quick changes of it are undone together. */
  change: (changes: Partial<Extract<Block, { type: T }>>, of?: string) => void
  exchange: (change: (block: Block) => Block) => void
}

function Fields({ block, ...rest }: BlockFieldsProps<BlockType>) {
  const { theme, language, exchange } = rest
  const change = rest.change as (changes: object, of?: string) => void
  switch (block.type) {
    case 'heading':
      return (
        <>
          <LineField
            label="Text"
            language={language}
            value={block.text}
            onChange={text => change({ text }, 'text')}
          />
          <ChoiceField
            label="Size"
            value={String(block.level) as '1' | '2' | '3'}
            choices={[
              { value: '1', label: 'Large' },
              { value: '2', label: 'Medium' },
              { value: '3', label: 'Small' },
            ]}
            onChange={level => change({ level: Number(level) })}
          />
          <AlignField value={block.align} onChange={align => change({ align })} />
        </>
      )
    case 'text':
      return (
        <>
          <TextField
            label="Text"
            markup
            language={language}
            value={block.text}
            onChange={text => change({ text }, 'text')}
            hint="A blank line begins a paragraph."
          />
          <AlignField value={block.align} onChange={align => change({ align })} />
        </>
      )
    case 'image':
      return (
        <ImageFields block={block} theme={theme} language={language} change={change} exchange={exchange} />
      )
    case 'button':
      return (
        <>
          <LineField
            label="Text"
            language={language}
            value={block.label}
            onChange={label => change({ label }, 'label')}
          />
          <LineField
            label="Leads to"
            language={language}
            value={block.url}
            onChange={url => change({ url }, 'url')}
          />
          <AlignField value={block.align} onChange={align => change({ align })} />
          <Switch
            label="As wide as the mail"
            checked={block.full_width}
            onChange={() => change({ full_width: !block.full_width })}
          />
          <NumberField
            label="Round corners"
            min={0}
            max={40}
            value={block.radius}
            onChange={radius => change({ radius }, 'radius')}
          />
          <div className="grid grid-cols-2 gap-3">
            <ColourField
              label="Colour"
              value={block.colour}
              empty={{ name: 'look', colour: theme.colours.button }}
              onChange={colour => change({ colour }, 'colour')}
            />
            <ColourField
              label="Text"
              value={block.text_colour}
              empty={{ name: 'look', colour: theme.colours.button_text }}
              onChange={text_colour => change({ text_colour }, 'text colour')}
            />
          </div>
        </>
      )
    case 'columns':
      return (
        <ColumnsFields block={block} theme={theme} language={language} change={change} exchange={exchange} />
      )
    case 'divider':
      return (
        <div className="grid grid-cols-2 gap-3">
          <NumberField
            label="Thickness"
            min={1}
            max={20}
            value={block.thickness}
            onChange={thickness => change({ thickness: Math.max(1, thickness) }, 'thickness')}
          />
          <ColourField
            label="Colour"
            value={block.colour}
            empty={{ name: 'look', colour: theme.colours.muted }}
            onChange={colour => change({ colour }, 'colour')}
          />
        </div>
      )
    case 'social':
      return (
        <SocialFields block={block} theme={theme} language={language} change={change} exchange={exchange} />
      )
    case 'spacer':
      return (
        <NumberField
          label="Height"
          min={1}
          max={200}
          step={4}
          value={block.height}
          onChange={height => change({ height: Math.max(1, height) }, 'height')}
        />
      )
    case 'html':
      return (
        <TextField
          label="HTML"
          mono
          language={language}
          value={block.html}
          onChange={html => change({ html }, 'html')}
          hint="Goes into the mail as it is. What mail programs make of it is for you to test."
        />
      )
    case 'content':
      return (
        <p className="text-pretty text-soft">
          Each campaign puts its own words here. Without this block, every campaign with this template says
          the same.
        </p>
      )
    case 'footer':
      return (
        <>
          <TextField
            label="Why they get this mail"
            markup
            language={language}
            value={block.text}
            onChange={text => change({ text }, 'text')}
          />
          <LineField
            label="Who writes, and from where"
            value={block.address}
            placeholder="Company, street, town"
            onChange={address => change({ address }, 'address')}
            hint={block.address ? undefined : 'The law of many countries wants an address.'}
          />
          <LineField
            label="Link that unsubscribes"
            value={block.unsubscribe_label}
            onChange={unsubscribe_label => change({ unsubscribe_label }, 'unsubscribe')}
            hint={block.unsubscribe_label ? undefined : 'Without it readers press “Spam” instead.'}
          />
          <LineField
            label="Link to the web view"
            value={block.webview_label}
            placeholder="None"
            onChange={webview_label => change({ webview_label }, 'webview')}
          />
          <AlignField value={block.align} onChange={align => change({ align })} />
        </>
      )
  }
}
