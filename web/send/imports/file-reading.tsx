import type { ImportPreviewWire } from '../../../server/send/api/imports-wire.ts'
import type { Reading } from '../../calls/imports.ts'
import { SelectField } from '../../ui/select-field.tsx'
import { DELIMITERS, ENCODINGS } from './import-words.ts'

/** How the bytes become cells: as it was detected, or as somebody knows better. */
export function FileReading({
  read,
  onChange,
}: {
  read: ImportPreviewWire['read']
  onChange: (changes: Reading) => void
}) {
  const encoding = Object.keys(ENCODINGS).filter((one): one is keyof typeof ENCODINGS => one in ENCODINGS)
  return (
    <>
      <div className="grid grid-cols-2 gap-4 md:grid-cols-3">
        <SelectField
          label="Delimiter"
          value={read.delimiter}
          onChange={event => onChange({ delimiter: event.target.value })}
        >
          {!(read.delimiter in DELIMITERS) && <option value={read.delimiter}>{read.delimiter}</option>}
          {Object.entries(DELIMITERS).map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </SelectField>
        <SelectField
          label="Quotes"
          value={read.quote}
          onChange={event => onChange({ quote: event.target.value })}
        >
          <option value={'"'}>Double "</option>
          <option value="'">Single '</option>
        </SelectField>
        <SelectField
          label="Encoding"
          className="max-md:col-span-2"
          value={read.encoding}
          onChange={event => {
            const chosen = encoding.find(one => one === event.target.value)
            if (chosen) onChange({ encoding: chosen })
          }}
        >
          {encoding.map(value => (
            <option key={value} value={value}>
              {ENCODINGS[value]}
              {value === read.encoding && read.bom ? ' with a mark' : ''}
            </option>
          ))}
        </SelectField>
      </div>
      <label className="reach flex items-center gap-2.5 self-start">
        <input
          type="checkbox"
          className="size-4"
          checked={read.has_header}
          onChange={event => onChange({ has_header: event.target.checked })}
        />
        The first row names the columns
      </label>
    </>
  )
}
