import type { DraftAttachment } from '../../../mail/compose.ts'
import { type Faults, isObject, listIn, textIn } from './mail-fields.ts'

/** A media type with its parameters; nothing in it may end the field. */
const TYPE = /^[\w!#$&^.+-]{1,80}\/[\w!#$&^.+-]{1,120}(?:;[\x20-\x7e]*)?$/

/** `attachments` of a mail: content in base64, a name, and how it is meant. */
export function attachmentsIn(fields: Record<string, unknown>, faults: Faults): DraftAttachment[] {
  return (listIn(fields, 'attachments', faults) ?? []).flatMap((each, index) => {
    const at = `attachment #${index + 1}`
    if (!isObject(each)) {
      faults.add(`${at} is invalid`)
      return []
    }
    const content = bytesOf(textIn(each, 'content', faults))
    const filename = textIn(each, 'filename', faults)
    const contentType = textIn(each, 'type', faults)
    const contentId = textIn(each, 'content_id', faults)
    const disposition = textIn(each, 'disposition', faults) ?? 'attachment'
    if (content === undefined) faults.add(`${at}: 'content' must be base64`)
    if (filename === undefined) faults.add(`${at}: 'filename' is required`)
    if (contentType !== undefined && !TYPE.test(contentType)) faults.add(`${at}: 'type' is invalid`)
    if (disposition !== 'attachment' && disposition !== 'inline') {
      faults.add(`${at}: 'disposition' must be attachment or inline`)
      return []
    }
    if (content === undefined || filename === undefined) return []
    return [
      {
        content,
        filename,
        disposition,
        ...(contentType !== undefined && { contentType }),
        ...(contentId !== undefined && { contentId }),
      },
    ]
  })
}

/**
 * Undefined: it is not base64. Node skips what does not belong there, so that the result is too short then;
 * line breaks are allowed (RFC 2045, section 6.8).
 */
function bytesOf(base64: string | undefined): Buffer | undefined {
  if (base64 === undefined) return undefined
  const tight = /\s/.test(base64) ? base64.replaceAll(/\s+/g, '') : base64
  const bytes = Buffer.from(tight, 'base64')
  const length = tight.endsWith('==')
    ? tight.length - 2
    : tight.endsWith('=')
      ? tight.length - 1
      : tight.length
  return length % 4 !== 1 && bytes.length === Math.floor((length * 3) / 4) ? bytes : undefined
}
