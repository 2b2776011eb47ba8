import { type Colours, FONTS, type FontName, NEW_THEME } from '../../../../blocks/document.ts'
import { Switch } from '../../../ui/switch.tsx'
import type { BlockEditing } from './block-editing.ts'
import { ColourField, Group, NumberField, SelectLine } from './fields.tsx'
import { LineField } from './text-fields.tsx'

const FONT_NAMES: Record<FontName, string> = {
  system: 'The reader’s own',
  arial: 'Arial',
  verdana: 'Verdana',
  trebuchet: 'Trebuchet',
  georgia: 'Georgia',
  times: 'Times',
  courier: 'Courier',
}
const FONT_CHOICES = (Object.keys(FONTS) as FontName[]).map(value => ({ value, label: FONT_NAMES[value] }))

const COLOURS: { of: keyof Colours; label: string }[] = [
  { of: 'surface', label: 'Mail' },
  { of: 'text', label: 'Text' },
  { of: 'heading', label: 'Headings' },
  { of: 'link', label: 'Links' },
  { of: 'button', label: 'Buttons' },
  { of: 'button_text', label: 'On buttons' },
  { of: 'muted', label: 'Footer, lines' },
]

/** How the whole mail looks. */
export function LookPanel({ editing }: { editing: BlockEditing }) {
  const { theme, preheader, language } = editing.document
  const { changeTheme } = editing
  const { dark } = theme
  return (
    <>
      <Group title="Type">
        <SelectLine
          label="Headings"
          value={theme.fonts.heading}
          choices={FONT_CHOICES}
          onChange={heading => changeTheme({ fonts: { ...theme.fonts, heading } })}
        />
        <SelectLine
          label="Text"
          value={theme.fonts.body}
          choices={FONT_CHOICES}
          onChange={body => changeTheme({ fonts: { ...theme.fonts, body } })}
        />
        <div className="grid grid-cols-2 gap-3">
          <NumberField
            label="Size of text"
            min={12}
            max={24}
            value={theme.font_size}
            onChange={font_size => changeTheme({ font_size }, 'font size')}
          />
          <NumberField
            label="Width of the mail"
            min={320}
            max={900}
            step={20}
            value={theme.width}
            onChange={width => changeTheme({ width }, 'width')}
          />
        </div>
      </Group>
      <Group title="Colours">
        <div className="grid grid-cols-2 gap-3">
          <ColourField
            label="Around it"
            value={theme.background}
            onChange={background => changeTheme({ background }, 'background')}
          />
          {COLOURS.map(({ of, label }) => (
            <ColourField
              key={of}
              label={label}
              value={theme.colours[of]}
              onChange={colour => changeTheme({ colours: { ...theme.colours, [of]: colour } }, of)}
            />
          ))}
        </div>
      </Group>
      <Group title="In dark mode">
        <Switch
          label="Colours of its own"
          checked={dark !== null}
          onChange={() => changeTheme({ dark: dark ? null : structuredClone(NEW_THEME.dark) })}
        />
        {dark && (
          <div className="grid grid-cols-2 gap-3">
            <ColourField
              label="Around it, dark"
              value={dark.background}
              onChange={background => changeTheme({ dark: { ...dark, background } }, 'dark background')}
            />
            {COLOURS.map(({ of, label }) => (
              <ColourField
                key={of}
                label={`${label}, dark`}
                value={dark.colours[of]}
                onChange={colour =>
                  changeTheme({ dark: { ...dark, colours: { ...dark.colours, [of]: colour } } }, `dark ${of}`)
                }
              />
            ))}
          </div>
        )}
      </Group>
      <Group title="In the list of mails">
        <LineField
          label="Beside the subject"
          value={preheader}
          placeholder="The first words of the mail"
          onChange={value => editing.changeMail({ preheader: value })}
        />
        <LineField
          label="Language of the text"
          value={language}
          placeholder="en"
          onChange={value => editing.changeMail({ language: value })}
          hint="As en, de or pt-BR: screen readers go by it."
        />
      </Group>
    </>
  )
}
