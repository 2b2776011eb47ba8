import { ArrowDown, ArrowUp, Copy, GripVertical, Pencil, Plus, Trash2 } from 'lucide-react'
import { type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useMemo, useRef } from 'react'
import { useSession } from '../../../calls/session.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { classes } from '../../../ui/classes.ts'
import { Kbd } from '../../../ui/kbd.tsx'
import { writeInto } from '../mail-frame.tsx'
import type { BlockEditing } from './block-editing.ts'
import { BLOCK_KINDS, spoken } from './block-kinds.ts'
import { canvasHtml } from './canvas-html.ts'
import type { Drag } from './drag.ts'
import { type Box, type Geometry, measured } from './geometry.ts'
import { allBlocks, placed } from './places.ts'

interface CanvasProps {
  editing: BlockEditing
  place: RefObject<HTMLDivElement | null>
  geometry: Geometry
  onMeasured: (geometry: Geometry) => void
  drag: Drag
  narrow: boolean
  /** On to what can be set for the selected block. */
  onInspect: () => void
  onAdd: () => void
}

const blockElementId = (id: string) => `block-${id}`

const KEYS: [key: string, deed: string][] = [
  ['↑ ↓', 'choose'],
  ['Enter', 'edit'],
  ['+', 'add'],
  ['Alt ↑ ↓', 'move'],
  ['Alt ← →', 'into columns'],
  ['Del', 'delete'],
]

/**
 * The mail itself in a frame nothing can be done to, and over it one option of a list for each block: that is what
 * is clicked, dragged and moved about by keys.
 */
export function Canvas({
  editing,
  place,
  geometry,
  onMeasured,
  drag,
  narrow,
  onInspect,
  onAdd,
}: CanvasProps) {
  const { server } = useSession()
  const { document: mail, selected } = editing
  const frame = useRef<HTMLIFrameElement>(null)
  const html = useMemo(() => canvasHtml(mail, server.public_url), [mail, server.public_url])
  const report = useRef(onMeasured)
  useEffect(() => {
    report.current = onMeasured
  })
  useLayoutEffect(() => {
    const element = frame.current
    if (!element) return
    writeInto(element, html)
    report.current(measured(element))
  }, [html])
  useEffect(() => {
    const element = frame.current
    if (!element) return
    const look = () => report.current(measured(element))
    const observer = new ResizeObserver(look)
    observer.observe(element)
    // Pictures come later, and make room for themselves when they do.
    const late = [...(element.contentDocument?.images ?? [])].filter(picture => !picture.complete)
    for (const picture of late) {
      picture.addEventListener('load', look)
      picture.addEventListener('error', look)
    }
    return () => observer.disconnect()
  }, [html, narrow])

  // A block that was moved or made by keys keeps, or gets, the focus as soon as it is drawn.
  const wantsFocus = useRef(false)
  useEffect(() => {
    const element = selected === null ? null : document.getElementById(blockElementId(selected))
    if (!wantsFocus.current || !element) return
    wantsFocus.current = false
    element.focus({ preventScroll: true })
    element.scrollIntoView({ block: 'nearest' })
  })

  const all = allBlocks(mail)
  const tabStop = selected ?? all[0]?.block.id
  const box = selected === null ? undefined : geometry.blocks.get(selected)
  return (
    <div data-scrolls className="min-h-0 grow overflow-y-auto bg-sunk px-3 py-4 lg:px-6">
      <div
        ref={place}
        className={classes('relative mx-auto', narrow ? 'w-[375px] max-w-full' : 'w-full max-w-[760px]')}
      >
        <div className="overflow-hidden rounded-card border border-line-strong bg-white shadow-rise">
          <iframe
            ref={frame}
            title="The mail"
            aria-hidden
            inert
            tabIndex={-1}
            sandbox="allow-same-origin"
            style={{ height: Math.max(geometry.height, 120), colorScheme: 'light' }}
            className="pointer-events-none block w-full"
          />
        </div>
        <div
          role="listbox"
          aria-label="Blocks of the mail"
          data-own-arrows
          className="absolute inset-px"
          onKeyDown={event => {
            wantsFocus.current = keyed(event, editing, { onInspect, onAdd })
          }}
        >
          {all.map(item => {
            const { id } = item.block
            const at = geometry.blocks.get(id)
            return (
              at && (
                <div
                  key={id}
                  id={blockElementId(id)}
                  role="option"
                  aria-selected={selected === id}
                  aria-label={spoken(mail, item)}
                  tabIndex={tabStop === id ? 0 : -1}
                  onFocus={() => editing.select(id)}
                  onPointerDown={event => {
                    editing.select(id)
                    if (event.pointerType === 'mouse') drag.begin(event, { id })
                  }}
                  onDoubleClick={onInspect}
                  style={grown(at)}
                  className={classes(
                    'absolute outline-offset-0 select-none hover:ring-1 hover:ring-brass-mark focus-visible:outline-none',
                    selected === id && 'ring-2 ring-brass-mark hover:ring-2 focus-visible:ring-3',
                    drag.dragged && 'id' in drag.dragged && drag.dragged.id === id && 'bg-veil opacity-40',
                  )}
                />
              )
            )
          })}
        </div>
        {drag.drop && (
          <div
            className="pointer-events-none absolute z-10 h-1 -translate-y-1/2 rounded-full bg-brass-mark"
            style={{ left: drag.drop.line.left, top: drag.drop.line.top, width: drag.drop.line.width }}
          />
        )}
        {box && selected !== null && !drag.dragged && (
          <Handles
            editing={editing}
            id={selected}
            box={box}
            drag={drag}
            onInspect={onInspect}
            onAdd={onAdd}
          />
        )}
      </div>
      <div className="mx-auto mt-4 flex max-w-[760px] flex-col items-center gap-3">
        <Button
          onClick={() => {
            editing.select(null)
            onAdd()
          }}
        >
          <Plus size={15} aria-hidden />
          Add a block
        </Button>
        <p className="flex flex-wrap items-center justify-center gap-x-4 gap-y-1 text-small text-faint max-lg:hidden">
          {KEYS.map(([key, deed]) => (
            <span key={key} className="flex items-center gap-1.5">
              <Kbd>{key}</Kbd> {deed}
            </span>
          ))}
        </p>
      </div>
    </div>
  )
}

/** Never too low to be hit. */
function grown({ left, top, width, height }: Box): Box {
  const missing = Math.max(0, 14 - height)
  return { left, top: top - missing / 2, width, height: height + missing }
}

interface HandlesProps {
  editing: BlockEditing
  id: string
  box: Box
  drag: Drag
  onInspect: () => void
  onAdd: () => void
}

/** What is done with the selected block, by pointer. */
function Handles({ editing, id, box, drag, onInspect, onAdd }: HandlesProps) {
  const found = placed(editing.document, id)
  if (!found) return null
  const kind = BLOCK_KINDS[found.block.type].name
  const first = found.place.index === 0 && found.place.within === null
  const last = found.place.index === found.of - 1 && found.place.within === null
  return (
    <>
      <div
        role="toolbar"
        aria-label={`${kind} block`}
        style={{ top: Math.max(box.top - 34, 2), right: `max(2px, calc(100% - ${box.left + box.width}px))` }}
        className="absolute z-20 flex items-center rounded-control border border-line-strong bg-raised shadow-menu"
      >
        <span
          title="Drag"
          onPointerDown={event => drag.begin(event, { id })}
          className="flex h-7 cursor-grab touch-none items-center gap-1 pr-1.5 pl-1 text-small font-medium text-soft"
        >
          <GripVertical size={14} aria-hidden />
          {kind}
        </span>
        <IconButton label="Edit" className="lg:hidden" onClick={onInspect}>
          <Pencil size={14} aria-hidden />
        </IconButton>
        <IconButton label="Move up" keys="Alt+↑" disabled={first} onClick={() => editing.step(id, 'up')}>
          <ArrowUp size={14} aria-hidden />
        </IconButton>
        <IconButton label="Move down" keys="Alt+↓" disabled={last} onClick={() => editing.step(id, 'down')}>
          <ArrowDown size={14} aria-hidden />
        </IconButton>
        <IconButton label="Duplicate" keys="Ctrl+D" onClick={() => editing.duplicate(id)}>
          <Copy size={14} aria-hidden />
        </IconButton>
        <IconButton
          label="Delete"
          keys="Del"
          className="hover:text-danger"
          onClick={() => editing.remove(id)}
        >
          <Trash2 size={14} aria-hidden />
        </IconButton>
      </div>
      <button
        type="button"
        aria-label="Add a block below"
        title="Add a block below (+)"
        onClick={onAdd}
        style={{ top: box.top + box.height, left: box.left + box.width / 2 }}
        className="reach absolute z-20 flex size-6 -translate-1/2 items-center justify-center rounded-full border border-line-strong bg-brass text-brass-on shadow-rise hover:bg-brass-hover"
      >
        <Plus size={15} aria-hidden />
      </button>
    </>
  )
}

/** Answers whether the selected block is to have the focus afterwards. */
function keyed(
  event: KeyboardEvent,
  editing: BlockEditing,
  { onInspect, onAdd }: { onInspect: () => void; onAdd: () => void },
): boolean {
  const { selected } = editing
  const deed = deedOf(event, selected === null ? null : { editing, selected })
  if (deed === undefined && !event.altKey && !event.ctrlKey && !event.metaKey) {
    if (event.key === 'Enter' || event.key === ' ') onInspect()
    else if (event.key === '+' || event.key === '/' || event.key === 'Insert') onAdd()
    else if (event.key === 'ArrowDown') editing.selectBeside(1)
    else if (event.key === 'ArrowUp') editing.selectBeside(-1)
    else if (event.key === 'Home') editing.selectBeside('first')
    else if (event.key === 'End') editing.selectBeside('last')
    else return false
  } else if (deed) deed()
  else return false
  event.preventDefault()
  event.stopPropagation()
  return /^(Arrow|Home|End|Delete|Backspace|d$)/i.test(event.key)
}

/** What a key does to the selected block. */
function deedOf(
  { key, altKey, ctrlKey, metaKey }: KeyboardEvent,
  on: { editing: BlockEditing; selected: string } | null,
): (() => void) | undefined {
  if (!on) return undefined
  const { editing, selected } = on
  if (altKey && key.startsWith('Arrow'))
    return () => editing.step(selected, key.slice(5).toLowerCase() as 'up' | 'down' | 'left' | 'right')
  if (key === 'Delete' || key === 'Backspace') return () => editing.remove(selected)
  if ((ctrlKey || metaKey) && key.toLowerCase() === 'd') return () => editing.duplicate(selected)
  return undefined
}
