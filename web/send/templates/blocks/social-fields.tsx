import { Plus, X } from 'lucide-react'
import { SOCIAL_NETWORKS, type SocialLink, type SocialNetwork } from '../../../../blocks/document.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { AlignField, SelectLine } from './fields.tsx'
import type { BlockFieldsProps } from './inspector.tsx'
import { LineField } from './text-fields.tsx'

const NETWORKS = (Object.keys(SOCIAL_NETWORKS) as SocialNetwork[]).map(value => ({
  value,
  label: SOCIAL_NETWORKS[value].name,
}))

export function SocialFields({ block, change }: BlockFieldsProps<'social'>) {
  const { links } = block
  const set = (index: number, changes: Partial<SocialLink>, of: string) =>
    change(
      { links: links.map((link, at) => (at === index ? { ...link, ...changes } : link)) },
      `${of} ${index}`,
    )
  return (
    <>
      <ul aria-label="Links" className="flex flex-col gap-3">
        {links.map((link, index) => (
          <li key={index} className="flex flex-col gap-2 rounded-card border border-line bg-ground p-2.5">
            <div className="flex items-end gap-1.5">
              <div className="min-w-0 grow">
                <SelectLine
                  label={`Network ${index + 1}`}
                  value={link.network}
                  choices={NETWORKS}
                  onChange={network => set(index, { network }, 'network')}
                />
              </div>
              <IconButton
                label={`Remove ${SOCIAL_NETWORKS[link.network].name}`}
                className="mb-0.5 hover:text-danger"
                onClick={() => change({ links: links.toSpliced(index, 1) })}
              >
                <X size={15} aria-hidden />
              </IconButton>
            </div>
            <LineField label="Leads to" value={link.url} onChange={url => set(index, { url }, 'url')} />
            {link.network === 'website' && (
              <LineField
                label="Text"
                value={link.label}
                placeholder="Website"
                onChange={label => set(index, { label }, 'label')}
              />
            )}
          </li>
        ))}
      </ul>
      <Button
        className="self-start"
        onClick={() => change({ links: [...links, { network: 'website', label: '', url: 'https://' }] })}
      >
        <Plus size={15} aria-hidden />
        Add a link
      </Button>
      <AlignField value={block.align} onChange={align => change({ align })} />
    </>
  )
}
