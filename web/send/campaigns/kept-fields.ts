import type { CampaignFields } from '../../calls/campaigns.ts'

/** What the server does not have yet, in this browser, in case the tab is closed or the server is away. */
export interface KeptFields {
  /** What it was begun from. */
  before: CampaignFields
  mine: CampaignFields
}

/** @param id null: of a campaign that is not there yet */
const key = (id: number | null) => `posthorn-campaign-${id ?? 'new'}`

export function keptFields(id: number | null): KeptFields | null {
  try {
    const value = JSON.parse(localStorage.getItem(key(id)) ?? 'null') as KeptFields | null
    return value && typeof value.before?.name === 'string' && typeof value.mine?.name === 'string'
      ? value
      : null
  } catch {
    return null
  }
}

export function keepFields(id: number | null, fields: KeptFields): void {
  try {
    localStorage.setItem(key(id), JSON.stringify(fields))
  } catch {
    // No storage, or none left: saving is still there.
  }
}

export function forgetFields(id: number | null): void {
  try {
    localStorage.removeItem(key(id))
  } catch {
    // Then there was none.
  }
}
