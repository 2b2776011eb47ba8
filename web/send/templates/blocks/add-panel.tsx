import type { BlockType } from '../../../../blocks/document.ts'
import { BLOCK_KINDS } from './block-kinds.ts'
import type { Drag } from './drag.ts'

interface AddPanelProps {
  onAdd: (type: BlockType) => void
  drag: Drag
}

export const FIRST_ADD_ID = 'add-first-block'

/** Every kind of block: pressed it is added below the selected one, dragged it goes where it is let go. */
export function AddPanel({ onAdd, drag }: AddPanelProps) {
  return (
    <div className="flex flex-col gap-3 p-4">
      <p className="text-pretty text-soft max-lg:hidden">Press to add below the selected block, or drag.</p>
      <ul aria-label="Kinds of blocks" className="grid grid-cols-2 gap-2">
        {(Object.keys(BLOCK_KINDS) as BlockType[]).map((type, index) => {
          const { name, about, icon: Icon } = BLOCK_KINDS[type]
          return (
            <li key={type} className="flex">
              <button
                type="button"
                id={index === 0 ? FIRST_ADD_ID : undefined}
                title={about}
                onClick={() => onAdd(type)}
                onPointerDown={event => event.pointerType === 'mouse' && drag.begin(event, { type })}
                className="flex w-full flex-col items-start gap-1.5 rounded-card border border-line bg-ground p-2.5 text-left font-medium hover:border-control hover:bg-hover"
              >
                <Icon size={17} className="text-brass-text" aria-hidden />
                {name}
              </button>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
