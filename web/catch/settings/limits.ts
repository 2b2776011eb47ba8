import type { InboxSettings, RateLimit } from '../../../server/catch/api/wire.ts'
import { CallError } from '../../calls/http.ts'
import type { SettingsChange } from '../../calls/inbox-settings.ts'
import { counted, readableSize } from '../../ui/size.ts'

const MEGABYTE = 1_000_000

/** The limits as they stand in the fields of a form; what is empty sets none. */
export type LimitTexts = Record<
  'max_size' | 'max_message_size' | 'rate' | 'rate_seconds' | 'retention_days',
  string
>

export function textsOf(settings: InboxSettings): LimitTexts {
  const { max_size, max_message_size, rate, retention_days } = settings
  return {
    max_size: max_size === 0 ? '' : String(max_size),
    max_message_size: megabytes(max_message_size),
    rate: rate ? String(rate.count) : '',
    rate_seconds: rate ? String(rate.seconds) : '',
    retention_days: retention_days === null ? '' : String(retention_days),
  }
}

/**
 * What the texts change; a field left as it was changes nothing.
 * @throws CallError with what is wrong, by field
 */
export function changeIn(settings: InboxSettings, texts: Partial<LimitTexts>): SettingsChange {
  const before = textsOf(settings)
  const change: SettingsChange = {}
  const faults: Record<string, string[]> = {}
  const edited = (name: keyof LimitTexts) =>
    texts[name] !== undefined && texts[name].trim() !== before[name] ? texts[name].trim() : undefined
  const whole = (name: keyof LimitTexts, text: string): number => {
    if (!/^\d{1,12}$/.test(text)) faults[name] = ['must be a whole number']
    return Number(text)
  }

  const maxSize = edited('max_size')
  if (maxSize !== undefined) change.max_size = maxSize === '' ? 0 : whole('max_size', maxSize)

  const size = edited('max_message_size')
  const most = settings.server.max_message_size
  if (size !== undefined) {
    // The field shows the server's limit rounded.
    const wanted =
      size === '' || size === megabytes(most) ? most : Math.round(Number(size.replace(',', '.')) * MEGABYTE)
    if (Number.isNaN(wanted)) faults.max_message_size = ['must be a number of megabytes']
    else if (wanted < 1_024) faults.max_message_size = ['must be more than that']
    else if (wanted > most) faults.max_message_size = [`must be ${readableSize(most)} or less`]
    else change.max_message_size = wanted
  }

  const [rate, seconds] = [edited('rate'), edited('rate_seconds')]
  if (rate !== undefined || seconds !== undefined) {
    const texted = { count: texts.rate?.trim() ?? '', seconds: texts.rate_seconds?.trim() ?? '' }
    if (texted.count === '') change.rate = null
    else change.rate = { count: whole('rate', texted.count), seconds: whole('rate', texted.seconds || '1') }
  }

  const days = edited('retention_days')
  if (days !== undefined) change.retention_days = days === '' ? null : whole('retention_days', days)

  if (Object.keys(faults).length > 0)
    throw new CallError(422, 'invalid', 'Please look at the fields.', faults)
  return change
}

/** What goes at once when the change is saved; undefined: nothing. */
export function lossBy(settings: InboxSettings, change: SettingsChange): string | undefined {
  const { max_size, retention_days } = change
  const excess = max_size ? settings.emails_count - max_size : 0
  if (excess > 0) return `The oldest ${counted(excess, 'message')} are deleted for good.`
  const shorter =
    retention_days && (settings.retention_days === null || retention_days < settings.retention_days)
  if (shorter && settings.emails_count > 0)
    return `Messages that came more than ${counted(retention_days, 'day')} ago are deleted for good.`
  return undefined
}

export function rateText(rate: RateLimit | null): string {
  return rate ? `${counted(rate.count, 'message')} in ${counted(rate.seconds, 'second')}` : 'no limit'
}

/** To the tenth, as people write it. */
function megabytes(bytes: number): string {
  return String(Math.round(bytes / (MEGABYTE / 10)) / 10)
}
