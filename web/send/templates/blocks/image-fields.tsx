import { ImagePlus } from 'lucide-react'
import { lazy } from 'react'
import type { Medium } from '../../../calls/media.ts'
import { Button } from '../../../ui/button.tsx'
import { showDialog } from '../../../ui/dialogs.tsx'
import { Switch } from '../../../ui/switch.tsx'
import { AlignField, NumberField } from './fields.tsx'
import type { BlockFieldsProps } from './inspector.tsx'
import { LineField } from './text-fields.tsx'

const MediaPicker = lazy(() =>
  import('../../media/media-picker.tsx').then(module => ({ default: module.MediaPicker })),
)

export function ImageFields({ block, theme, language, change }: BlockFieldsProps<'image'>) {
  const pick = () =>
    showDialog(close => (
      <MediaPicker
        onClose={close}
        onPick={medium => change({ src: fitting(medium, theme.width), alt: medium.alt || block.alt })}
      />
    ))
  return (
    <>
      <Button onClick={pick} look={block.src ? 'plain' : 'primary'}>
        <ImagePlus size={15} aria-hidden />
        {block.src ? 'Choose another picture' : 'Choose a picture'}
      </Button>
      <LineField
        label="Address of the picture"
        language={language}
        value={block.src}
        placeholder="https://"
        onChange={src => change({ src }, 'src')}
      />
      <LineField
        label="Alt text"
        language={language}
        value={block.alt}
        onChange={alt => change({ alt }, 'alt')}
        hint={
          block.src && !block.alt
            ? 'What does it show? Many mail programs hide pictures at first. Empty only if it is mere decoration.'
            : undefined
        }
      />
      <LineField
        label="Leads to"
        language={language}
        value={block.link}
        placeholder="Nowhere"
        onChange={link => change({ link }, 'link')}
      />
      <NumberField
        label="Width at most (0: all there is)"
        min={0}
        max={theme.width}
        step={10}
        value={block.width}
        onChange={width => change({ width }, 'width')}
      />
      <AlignField value={block.align} onChange={align => change({ align })} />
      <Switch
        label="From edge to edge"
        checked={block.bleed}
        onChange={() => change({ bleed: !block.bleed })}
      />
    </>
  )
}

/** Sharp on a screen of twice the density, and no larger than that. */
function fitting({ url, variants }: Medium, width: number): string {
  return variants.find(variant => variant.width >= 2 * width)?.url ?? url
}
