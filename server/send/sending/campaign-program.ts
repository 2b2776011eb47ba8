import type { Storage } from '../../storage/database.ts'
import type { Campaign } from '../campaigns/campaigns.ts'
import { type Program, programOf, type ProgramSetting, type ProgramSources } from '../mails/program.ts'
import type { Compiler } from '../templates/compiler.ts'
import type { Gathered } from './sending.ts'

interface Parts {
  storage: Storage
  compiler: Compiler
  /** What its mails are made of, at this moment. */
  gather(campaign: Campaign): Promise<Gathered>
}

export type Prepared = { program: Program; setting: ProgramSetting } | { faults: string[] }

/**
 * What a campaign sends, as it was when its audience was frozen: whoever got the first mail and whoever gets the last
 * one get the same, whatever is done to the template meanwhile, and whatever restarts there are.
 */
export async function prepareProgram(
  { storage, compiler, gather }: Parts,
  campaign: Campaign,
): Promise<Prepared> {
  const { sources: present, setting } = await gather(campaign)
  const sources: ProgramSources = campaign.snapshot === null ? present : JSON.parse(campaign.snapshot)
  const { program, links, faults } = await programOf(compiler, sources)
  if (faults.length > 0) return { faults: faults.map(({ message }) => message) }
  if (campaign.snapshot === null)
    await storage.write.transaction().execute(async trx => {
      await trx
        .updateTable('campaigns')
        .set({ snapshot: JSON.stringify(sources) })
        .where('id', '=', campaign.id)
        .where('snapshot', 'is', null)
        .execute()
      for (const [i, url] of links.entries())
        await trx
          .insertInto('campaign_links')
          .values({ campaign_id: campaign.id, number: i + 1, url })
          .onConflict(conflict => conflict.doNothing())
          .execute()
    })
  return { program, setting }
}
