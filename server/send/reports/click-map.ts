import type { Campaign } from '../campaigns/campaigns.ts'
import { mailPages, TEST_TOKEN } from '../mails/mail-pages.ts'
import { type GatherDoor, gatherCampaign } from '../mails/program-sources.ts'
import { type ProgramSources, programOf } from '../mails/program.ts'
import { escapeHtml } from '../templates/merge-tags.ts'
import { samplePerson } from '../templates/rendering.ts'

/**
 * The mail as a sample person gets it, each counted link with its number in `data-link`, and leading where it leads.
 * @returns '' if it cannot be rendered
 */
export async function clickMapOf(door: GatherDoor, campaign: Campaign): Promise<string> {
  const { sources: present, setting } = await gatherCampaign(door, campaign)
  const sent: ProgramSources = campaign.snapshot === null ? present : JSON.parse(campaign.snapshot)
  const sources = { ...sent, clicksTracked: true, opensTracked: false, attachments: [] }
  const { links } = await programOf(door.compiler, sources)
  const today = new Date().toISOString().slice(0, 10)
  const person = samplePerson(sources.fields, { unsubscribe_url: '', webview_url: '' }, today)
  const { email, first_name, last_name, fields } = person
  const { mail } = await door.compiler.mail({
    sources,
    setting: { ...setting, dkim: null },
    recipient: { delivery_id: 0, email, first_name, last_name, fields },
    purpose: 'test',
  })
  return numbered(mail?.parts?.html ?? '', mailPages(setting.publicUrl).click, links)
}

/** Takes back what rendering did to the links, which knows their numbers even where Liquid has chosen among them. */
function numbered(html: string, clickPage: string, links: readonly string[]): string {
  const begin = escapeHtml(`${clickPage}${TEST_TOKEN}/`).replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
  const counted = new RegExp(String.raw`"${begin}(\d+)(?:\?u=([\w-]+)&amp;s=[\w-]+)?"`, 'g')
  return html.replaceAll(counted, (_, number: string, written: string | undefined) => {
    const url =
      written === undefined ? (links[Number(number) - 1] ?? '') : Buffer.from(written, 'base64url').toString()
    return `"${escapeHtml(url)}" data-link="${number}"`
  })
}
