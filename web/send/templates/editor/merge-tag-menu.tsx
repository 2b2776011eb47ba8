import { useQuery } from '@tanstack/react-query'
import { Braces } from 'lucide-react'
import { fieldsQuery } from '../../../calls/fields.ts'
import type { TemplateLanguage } from '../../../calls/templates.ts'
import { Menu, type MenuEntry } from '../../../ui/menu.tsx'
import { MAIL, type MergeTag, ofFields, PERSON, written } from './merge-tags.ts'

interface MergeTagMenuProps {
  language: TemplateLanguage
  onInsert: (text: string) => void
  className?: string
  /** Without tags that only make sense once in a mail. */
  personOnly?: boolean
  words?: boolean
}

/** Puts a tag where one is writing: nobody should have to know how they are spelt. */
export function MergeTagMenu({ language, onInsert, className, personOnly, words }: MergeTagMenuProps) {
  const fields = useQuery(fieldsQuery)
  const entry = (tag: MergeTag): MenuEntry => ({
    label: tag.label,
    note: written(tag, language),
    act: () => onInsert(written(tag, language)),
  })
  const own = ofFields(fields.data ?? [])
  const entries: MenuEntry[] = [
    { heading: 'Who gets it' },
    ...PERSON.map(entry),
    ...(own.length > 0 ? [{ heading: 'Fields' }, ...own.map(entry)] : []),
    ...(personOnly ? [] : [{ heading: 'The mail' }, ...MAIL.map(entry)]),
  ]
  return (
    <Menu
      {...(!words && { label: 'Insert a tag' })}
      entries={entries}
      align="start"
      {...(className && { className })}
    >
      <Braces size={15} aria-hidden />
      {words && <span className="max-sm:sr-only">Insert a tag</span>}
    </Menu>
  )
}
