import { Redo2, Undo2 } from 'lucide-react'
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { BlocksDocument, BlockType } from '../../../../blocks/document.ts'
import { createPortal } from 'react-dom'
import type { TemplateLanguage } from '../../../calls/templates.ts'
import { IconButton } from '../../../ui/button.tsx'
import { classes } from '../../../ui/classes.ts'
import { SPLIT, useMedia } from '../../../ui/media.ts'
import { Segments } from '../editor/segments.tsx'
import { AddPanel, FIRST_ADD_ID } from './add-panel.tsx'
import { useBlockEditing } from './block-editing.ts'
import { Canvas } from './canvas.tsx'
import { useDrag } from './drag.ts'
import { type Geometry, NOTHING_MEASURED } from './geometry.ts'
import { Inspector } from './inspector.tsx'
import { LookPanel } from './look-panel.tsx'

type Panel = 'mail' | 'block' | 'add' | 'look'

interface BlockEditorProps {
  initial: BlocksDocument
  onChange: (document: BlocksDocument) => void
  language: TemplateLanguage
  /** Where undo and redo stand. */
  tools: HTMLElement | null
}

/** The mail as it looks, and beside it, or on a phone in its place, what can be set. */
export function BlockEditor({ initial, onChange, language, tools }: BlockEditorProps) {
  const editing = useBlockEditing(initial)
  const { document: mail, history } = editing
  const wide = useMedia(SPLIT)
  const [panel, setPanel] = useState<Panel>(wide ? 'block' : 'mail')
  const [geometry, setGeometry] = useState<Geometry>(NOTHING_MEASURED)
  const canvas = useRef<HTMLDivElement>(null)
  const side = useRef<HTMLDivElement>(null)
  const shown = wide && panel === 'mail' ? 'block' : panel

  const heard = useRef(onChange)
  const told = useRef(initial)
  useEffect(() => {
    heard.current = onChange
  })
  useEffect(() => {
    if (told.current === mail) return
    told.current = mail
    heard.current(mail)
  }, [mail])

  const drag = useDrag(canvas, mail, geometry, (what, place) => {
    if ('id' in what) editing.move(what.id, place)
    else {
      editing.insert(what.type, place)
      setPanel('block')
    }
  })

  // Where the focus goes as soon as that is drawn: before the next key is heard, however fast one types.
  const wants = useRef<'field' | 'add' | 'canvas' | null>(null)
  useLayoutEffect(() => {
    if (wants.current === null) return
    const target =
      wants.current === 'canvas'
        ? canvas.current?.querySelector<HTMLElement>('[role="option"][tabindex="0"]')
        : wants.current === 'add'
          ? document.getElementById(FIRST_ADD_ID)
          : firstField(side.current)
    if (!target) return
    wants.current = null
    target.focus()
    if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) target.select()
  })
  const [, draw] = useState(0)
  const show = (next: Panel, focus: typeof wants.current) => {
    wants.current = focus
    setPanel(next)
    // Also where nothing else changes.
    draw(times => times + 1)
  }
  const inspect = () => show('block', 'field')
  const openAdd = () => show('add', 'add')
  const add = (type: BlockType) => {
    editing.insert(type)
    inspect()
  }
  const back = () => show(wide ? panel : 'mail', 'canvas')
  const keys = (event: KeyboardEvent) => {
    // Fields undo their own typing.
    const typing = event.target instanceof Element && event.target.closest('input, textarea, select')
    if (event.key === 'Escape' && !event.defaultPrevented && side.current?.contains(event.target as Node)) {
      event.preventDefault()
      back()
    } else if ((event.ctrlKey || event.metaKey) && !typing && /^[zy]$/i.test(event.key)) {
      event.preventDefault()
      if (event.key.toLowerCase() === 'y' || event.shiftKey) editing.redo()
      else editing.undo()
    }
  }

  return (
    <div className="flex min-h-0 grow flex-col" onKeyDown={keys}>
      <div role="status" className="sr-only">
        {editing.said}
      </div>
      {tools &&
        createPortal(
          <>
            <IconButton label="Undo" keys="Ctrl+Z" disabled={!history.canUndo} onClick={editing.undo}>
              <Undo2 size={15} aria-hidden />
            </IconButton>
            <IconButton label="Redo" keys="Ctrl+Shift+Z" disabled={!history.canRedo} onClick={editing.redo}>
              <Redo2 size={15} aria-hidden />
            </IconButton>
          </>,
          tools,
        )}
      <div className="flex min-h-0 grow max-lg:flex-col">
        {!wide && (
          <div className="flex h-11 shrink-0 items-center border-b border-line px-3">
            <Segments
              label="Show"
              value={shown}
              onChange={setPanel}
              choices={[
                { value: 'mail', label: 'Mail' },
                { value: 'block', label: 'Block' },
                { value: 'add', label: 'Add' },
                { value: 'look', label: 'Look' },
              ]}
            />
          </div>
        )}
        <div className={classes('flex min-h-0 min-w-0 grow flex-col', !wide && shown !== 'mail' && 'hidden')}>
          <Canvas
            editing={editing}
            place={canvas}
            geometry={geometry}
            onMeasured={setGeometry}
            drag={drag}
            narrow={false}
            onInspect={inspect}
            onAdd={openAdd}
          />
        </div>
        {(wide || shown !== 'mail') && (
          <div
            ref={side}
            role="region"
            aria-label="What can be set"
            className="flex min-h-0 flex-col max-lg:grow lg:w-80 lg:shrink-0 lg:border-l lg:border-line"
          >
            {wide && (
              <div className="flex h-11 shrink-0 items-center border-b border-line px-4">
                <Segments
                  label="Set"
                  value={shown}
                  onChange={setPanel}
                  choices={[
                    { value: 'block', label: 'Block' },
                    { value: 'add', label: 'Add' },
                    { value: 'look', label: 'Look' },
                  ]}
                />
              </div>
            )}
            <div className="min-h-0 grow overflow-y-auto">
              {shown === 'block' && <Inspector editing={editing} language={language} />}
              {shown === 'add' && <AddPanel onAdd={add} drag={drag} />}
              {shown === 'look' && <LookPanel editing={editing} />}
            </div>
          </div>
        )}
      </div>
    </div>
  )
}

/** One that is written in, if there is any. */
function firstField(side: HTMLElement | null): HTMLElement | undefined {
  const fields = [
    ...(side?.querySelectorAll<HTMLElement>(
      'fieldset :is(input:not([type=color]), textarea, button, select)',
    ) ?? []),
  ]
  return fields.find(one => one.matches('input, textarea')) ?? fields[0]
}
