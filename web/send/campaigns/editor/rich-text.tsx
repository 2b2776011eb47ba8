import { Bold, Image, Italic, Link2, List, ListOrdered, RemoveFormatting } from 'lucide-react'
import { lazy, type ReactNode, type RefObject, useEffect, useRef, useState } from 'react'
import type { Medium } from '../../../calls/media.ts'
import { IconButton } from '../../../ui/button.tsx'
import { showDialog } from '../../../ui/dialogs.tsx'
import { isSimple, simplified } from './simple-html.ts'

const MediaPicker = lazy(() =>
  import('../../media/media-picker.tsx').then(module => ({ default: module.MediaPicker })),
)
const LinkDialog = lazy(() => import('./link-dialog.tsx').then(module => ({ default: module.LinkDialog })))

export interface TextDeeds {
  /** At the cursor, or in the place of what is selected. */
  insert: (text: string) => void
}

interface RichTextProps {
  value: string
  onChange: (html: string) => void
  label: string
  deeds: RefObject<TextDeeds | null>
  /** At the end of the tools. */
  children: ReactNode
}

const STYLES = [
  ['p', 'Text'],
  ['h1', 'Large heading'],
  ['h2', 'Heading'],
  ['h3', 'Small heading'],
  ['blockquote', 'Quote'],
] as const

/** As a mail program draws it without any style of the template. */
const LOOK =
  '[&_a]:underline [&_blockquote]:border-l-3 [&_blockquote]:border-line-strong [&_blockquote]:pl-3 [&_h1]:text-display [&_h1]:font-semibold [&_h2]:text-title [&_h2]:font-semibold [&_h3]:text-lead [&_h3]:font-semibold [&_img]:max-w-full [&_ol]:list-decimal [&_ol]:pl-6 [&_ul]:list-disc [&_ul]:pl-6 [&>*+*]:mt-3'

const NOTHING = { bold: false, italic: false, list: false, numbers: false, style: 'p' }

/** Words with little more than paragraphs, links and lists: what most letters are made of. */
export function RichText({ value, onChange, label, deeds, children }: RichTextProps) {
  const place = useRef<HTMLDivElement>(null)
  const told = useRef<string>(undefined)
  const range = useRef<Range>(undefined)
  const [at, setAt] = useState(NOTHING)

  useEffect(() => {
    const element = place.current
    if (!element || value === told.current) return
    told.current = value
    // A stranger's markup among it: only what is known is drawn.
    element.innerHTML = simplified(value) || '<p><br></p>'
  }, [value])

  const written = () => {
    const element = place.current
    if (!element) return
    // What pasting and the browser's own deeds bring along besides the words.
    const now = element.innerHTML
    const html = isSimple(now) ? now : simplified(now)
    told.current = element.textContent?.trim() || /<(img|hr)\b/.test(html) ? html : ''
    onChange(told.current)
  }

  useEffect(() => {
    const moved = () => {
      const selection = getSelection()
      const element = place.current
      if (!element || !selection?.rangeCount || !element.contains(selection.anchorNode)) return
      range.current = selection.getRangeAt(0).cloneRange()
      setAt({
        bold: document.queryCommandState('bold'),
        italic: document.queryCommandState('italic'),
        list: document.queryCommandState('insertUnorderedList'),
        numbers: document.queryCommandState('insertOrderedList'),
        style: document.queryCommandValue('formatBlock') || 'p',
      })
    }
    document.addEventListener('selectionchange', moved)
    return () => document.removeEventListener('selectionchange', moved)
  }, [])

  /** Where one was writing, also after a menu or a dialog has had the focus. */
  const back = () => {
    const element = place.current
    if (!element) return
    element.focus()
    const selection = getSelection()
    if (!selection) return
    const spot = range.current ?? endOf(element)
    selection.removeAllRanges()
    selection.addRange(spot)
  }
  // Old, and the only way whose steps the browser's own undo takes back.
  const run = (command: string, argument?: string) => {
    back()
    document.execCommand('styleWithCSS', false, 'false')
    document.execCommand(command, false, argument)
    written()
  }
  const insertHtml = (html: string) => run('insertHTML', simplified(html))
  useEffect(() => {
    deeds.current = { insert: text => run('insertText', text) }
    return () => {
      deeds.current = null
    }
  })

  const link = () => {
    const anchor = range.current && closestLink(range.current)
    const text = range.current?.toString() ?? ''
    showDialog(close => (
      <LinkDialog
        address={anchor?.getAttribute('href') ?? ''}
        onClose={close}
        onLink={href => {
          if (anchor) selectAll(anchor, range)
          later(() => {
            if (!href) return run('unlink')
            if (text || anchor) return run('createLink', href)
            insertHtml(`<a href="${escaped(href)}">${escaped(href)}</a>`)
          })
        }}
      />
    ))
  }
  const picture = () =>
    showDialog(close => (
      <MediaPicker
        onClose={close}
        onPick={({ url, alt, width }: Medium) =>
          later(() =>
            insertHtml(`<img src="${escaped(url)}" alt="${escaped(alt)}" width="${Math.min(width, 600)}">`),
          )
        }
      />
    ))

  return (
    <>
      <div
        role="toolbar"
        aria-label="Text"
        aria-orientation="horizontal"
        className="flex shrink-0 flex-wrap items-center gap-0.5 border-b border-line px-2 py-1"
      >
        <select
          aria-label="Style of the paragraph"
          value={STYLES.some(([style]) => style === at.style) ? at.style : 'p'}
          onChange={event => run('formatBlock', event.target.value)}
          className="inset-focus mr-1 h-7 rounded-control border border-line-strong bg-raised px-1.5 hover:bg-hover"
        >
          {STYLES.map(([style, name]) => (
            <option key={style} value={style}>
              {name}
            </option>
          ))}
        </select>
        <Tool label="Bold" keys="Ctrl+B" pressed={at.bold} act={() => run('bold')}>
          <Bold size={15} aria-hidden />
        </Tool>
        <Tool label="Italic" keys="Ctrl+I" pressed={at.italic} act={() => run('italic')}>
          <Italic size={15} aria-hidden />
        </Tool>
        <Tool label="Link" keys="Ctrl+K" act={link}>
          <Link2 size={15} aria-hidden />
        </Tool>
        <Tool label="List" pressed={at.list} act={() => run('insertUnorderedList')}>
          <List size={15} aria-hidden />
        </Tool>
        <Tool label="Numbered list" pressed={at.numbers} act={() => run('insertOrderedList')}>
          <ListOrdered size={15} aria-hidden />
        </Tool>
        <Tool label="Picture" act={picture}>
          <Image size={15} aria-hidden />
        </Tool>
        <Tool label="Plain text" act={() => run('removeFormat')}>
          <RemoveFormatting size={15} aria-hidden />
        </Tool>
        {children}
      </div>
      <div
        ref={place}
        role="textbox"
        aria-multiline="true"
        aria-label={label}
        tabIndex={0}
        contentEditable
        suppressContentEditableWarning
        dir="auto"
        onInput={written}
        onFocus={() => document.execCommand('defaultParagraphSeparator', false, 'p')}
        onKeyDown={event => {
          if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'k') return
          event.preventDefault()
          link()
        }}
        onPaste={event => {
          const html = event.clipboardData.getData('text/html')
          if (!html) return
          event.preventDefault()
          insertHtml(html)
        }}
        onDrop={event => event.preventDefault()}
        className={`inset-focus max-h-[60dvh] min-h-72 grow overflow-y-auto p-4 text-body [overflow-wrap:anywhere] ${LOOK}`}
      />
    </>
  )
}

interface ToolProps {
  label: string
  keys?: string
  pressed?: boolean
  act: () => void
  children: ReactNode
}

function Tool({ label, keys, pressed, act, children }: ToolProps) {
  return (
    <IconButton
      label={label}
      {...(keys && { keys })}
      {...(pressed !== undefined && { pressed })}
      // What is selected stays so.
      onMouseDown={event => event.preventDefault()}
      onClick={act}
    >
      {children}
    </IconButton>
  )
}

function endOf(element: HTMLElement): Range {
  const range = document.createRange()
  range.selectNodeContents(element.lastElementChild ?? element)
  range.collapse(false)
  return range
}

function closestLink(range: Range): Element | null {
  const { startContainer: node } = range
  return (node instanceof Element ? node : node.parentElement)?.closest('a') ?? null
}

function selectAll(element: Element, range: RefObject<Range | undefined>): void {
  const whole = document.createRange()
  whole.selectNodeContents(element)
  range.current = whole
}

/** After a dialog has given the focus back. */
function later(act: () => void): void {
  setTimeout(act, 50)
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
}
