import type { MailAttachment } from '../ways-out/way-out.ts'
import type { CustomField } from '../audience/custom-fields.ts'
import type { MergePerson } from '../templates/merge-tags.ts'
import type { TemplateLanguage } from '../templates/templates.ts'

/** Everything that the mails of one campaign have in common, as it was when its audience was frozen. */
export interface ProgramSources {
  campaignId: number
  workspaceId: number
  subject: string
  preheader: string
  fromName: string
  fromEmail: string
  replyTo: string
  opensTracked: boolean
  clicksTracked: boolean
  /** The template, compiled (Compiler.compile), its placeholder and merge tags still in; null: none. */
  template: { content: string; text: string | null; language: TemplateLanguage } | null
  /** The campaign's own. */
  content: string
  attachments: readonly MailAttachment[]
  /** The words that merge tags may use besides those of everybody. */
  fields: readonly CustomField[]
  /** How dates and numbers are written. */
  locale: string
}

/** Where the links of a mail lead, and what its envelope and headers are made of. */
export interface ProgramSetting {
  publicUrl: string
  /** Null: no bounce domain, so the reverse path is the sender and nobody reads `mailto:` unsubscribes. */
  bounceDomain: string | null
  /** Name of the list, for List-Id. */
  listName: string
  /** Of Secrets.key(DELIVERY_KEY), or of another purpose for tests and rehearsals. */
  tokenKey: Buffer
  /** Null: nothing is signed. PEM. */
  dkim: { domain: string; selector: string; rsaPrivate: string; ed25519Private: string } | null
}

/** Whom one mail is for; its links are made of the delivery's id. */
export interface MailRecipient extends Omit<MergePerson, 'unsubscribe_url' | 'webview_url'> {
  delivery_id: number
}
