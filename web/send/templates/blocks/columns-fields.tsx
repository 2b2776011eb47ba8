import { ChoiceField, NumberField } from './fields.tsx'
import { withColumns } from './edit-document.ts'
import type { BlockFieldsProps } from './inspector.tsx'

const NUMBERS = ['2', '3', '4'] as const

export function ColumnsFields({ block, exchange }: BlockFieldsProps<'columns'>) {
  const { columns } = block
  const share = (index: number, value: number) =>
    exchange(one =>
      withColumns(
        one,
        columns.map((column, at) => (at === index ? Math.max(1, value) : column.share)),
      ),
    )
  return (
    <>
      <ChoiceField
        label="How many"
        value={String(columns.length) as (typeof NUMBERS)[number]}
        choices={NUMBERS.map(value => ({ value, label: value }))}
        onChange={wanted =>
          exchange(one =>
            withColumns(
              one,
              Array.from({ length: Number(wanted) }, (_, index) => columns[index]?.share ?? 1),
            ),
          )
        }
      />
      <div className="grid grid-cols-4 gap-2">
        {columns.map((column, index) => (
          <NumberField
            // Columns have no names: they are told apart by where they stand.
            key={index}
            label={`Share ${index + 1}`}
            min={1}
            max={12}
            value={column.share}
            onChange={value => share(index, value)}
          />
        ))}
      </div>
      <p className="text-small text-pretty text-soft">
        Drag blocks into a column, or move them there with Alt and the arrow keys: right goes into the columns
        below, and on to the next one.
      </p>
    </>
  )
}
