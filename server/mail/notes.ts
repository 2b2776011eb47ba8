/** What was malformed, or cut off by a limit, in a message that was kept all the same. */
export interface Note {
  code: NoteCode
  /** One sentence for people. */
  text: string
  /** Id of the first part concerned: `0` is the message itself. */
  part: string
  /** How often it was seen. */
  count: number
}

export type NoteCode = keyof typeof sentences

const sentences = {
  'address-unreadable': 'An address header could not be understood.',
  'bare-cr': 'A carriage return stands alone, without the line feed that belongs to it.',
  'bare-lf': 'A line ends with a bare line feed instead of CRLF.',
  'base64-broken': 'A base64 body holds characters or padding that do not belong there.',
  'boundary-missing': 'A multipart has no boundary parameter, so it is shown as text.',
  'boundary-not-found': 'The boundary of a multipart never occurs in it, so it is shown as text.',
  'boundary-unclosed': 'A multipart ends without its closing boundary.',
  'charset-invalid': 'A text holds bytes that its charset does not allow.',
  'charset-undeclared': 'A text holds bytes above ASCII but declares no charset for them; one was guessed.',
  'charset-unknown': 'A text declares a charset that is not known; another was used in its place.',
  'content-type-invalid': 'A Content-Type could not be understood, so text/plain was assumed.',
  'date-invalid': 'The Date header could not be understood.',
  'header-8bit': 'A header holds raw bytes above ASCII that are not UTF-8.',
  'header-duplicated': 'A header that may occur once occurs several times; the first one counts.',
  'header-junk': 'A line before the first header field belongs to no field and was skipped.',
  'header-too-long': 'A header field is longer than the limit and was read only up to it.',
  'header-unseparated':
    'The header is not followed by an empty line; the body begins at the first line that is no field.',
  'headers-too-many': 'There are more header fields than the limit; the rest was not read.',
  'mbox-from': 'The message begins with a line "From ", as mailbox files have it.',
  'nul-byte': 'The message holds NUL bytes.',
  'parts-too-deep': 'Parts are nested deeper than the limit; the innermost was left unopened.',
  'parts-too-many': 'There are more parts than the limit; the rest was left unopened.',
  'qp-broken': 'A quoted-printable body holds "=" without two hexadecimal digits.',
  'transfer-encoding-unknown':
    'A part declares a transfer encoding that is not known; its bytes are shown as they are.',
} as const

/** Collects notes, one per code, so that 20,000 broken parts stay one line for the reader. */
export class Notes {
  readonly list: Note[] = []

  add(code: NoteCode, part = '0', count = 1): void {
    const known = this.list.find(note => note.code === code)
    if (known) known.count += count
    else this.list.push({ code, text: sentences[code], part, count })
  }
}
