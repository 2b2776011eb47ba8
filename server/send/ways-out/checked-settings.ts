import {
  readServiceSettings,
  type ServiceType,
  type SettingValues,
  targetsOf,
} from './email-service-types.ts'

/** What only others can say about settings. */
export interface SettingsChecks {
  /** Whether the workspace has that inbox. */
  hasInbox(workspaceId: number, inboxId: number): Promise<boolean>
  /** Why that host or address of the web may not be connected to; undefined: it may. */
  refusesTarget(target: string): Promise<string | undefined>
}

/** As `readServiceSettings`, and what is named is there and may be reached. */
export async function checkedSettings(
  { hasInbox, refusesTarget }: SettingsChecks,
  workspaceId: number,
  type: ServiceType,
  given: Record<string, unknown>,
  before?: SettingValues,
): Promise<{ settings: SettingValues; faults: Record<string, string[]> }> {
  const { settings, faults } = readServiceSettings(type, given, before)
  const { inbox_id } = settings
  if (typeof inbox_id === 'number' && !(await hasInbox(workspaceId, inbox_id)))
    faults.inbox_id = ['The selected inbox id is invalid.']
  for (const [key, target] of targetsOf(type, settings)) {
    const reason = await refusesTarget(target)
    if (reason !== undefined) faults[key] = [reason]
  }
  return { settings, faults }
}
