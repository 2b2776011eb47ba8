import { randomBytes } from 'node:crypto'
import { Problem } from '../../problem.ts'
import type { Storage } from '../../storage/database.ts'
import { audienceSettings } from '../audience/audience-settings.ts'
import { listFields } from '../audience/custom-fields.ts'
import { fieldsOf, type FieldValues, type Subscriber } from '../audience/subscribers.ts'
import type { TransactionalContent } from '../deliveries/transactional.ts'
import { DELIVERY_KEY, publicToken } from '../feedback/public-token.ts'
import type { Secrets } from '../../accounts/secrets.ts'
import type { Compiler } from '../templates/compiler.ts'
import { compileTags, type MergePerson, type Vocabulary, vocabularyOf } from '../templates/merge-tags.ts'
import { type Draft, renderDraft } from '../templates/rendering.ts'
import type { Template } from '../templates/templates.ts'
import type { MailAttachment } from '../ways-out/way-out.ts'
import { mailPages } from './mail-pages.ts'

export interface AskedTransactional {
  to: { email: string; name: string }
  from_email: string
  from_name: string
  reply_to: string
  subject: string
  html: string | null
  text: string | null
  template: Template | undefined
  /** What merge tags may use besides what is known of the subscriber. */
  data: Record<string, unknown>
  headers: [name: string, value: string][]
  attachments: MailAttachment[]
  tags: string[]
}

interface WritingDoor {
  storage: Pick<Storage, 'read'>
  secrets: Secrets
  compiler: Compiler
  publicUrl: string
}

/**
 * Merges a mail by itself for whom it is for.
 * @returns what it says, once it has an id, of which its links are made
 * @throws Problem `invalid`: it cannot be rendered
 */
export async function writeTransactional(
  { storage, secrets, compiler, publicUrl }: WritingDoor,
  workspaceId: number,
  asked: AskedTransactional,
  subscriber: Subscriber | undefined,
): Promise<(deliveryId: number) => TransactionalContent> {
  const { locale } = await audienceSettings(storage.read, workspaceId)
  const pages = mailPages(publicUrl)
  // Stands where the token will: a word that nobody else writes.
  const placeholder = randomBytes(15).toString('hex')
  const person = personOf(asked, subscriber, {
    unsubscribe_url: pages.unsubscribe + placeholder,
    webview_url: pages.webview + placeholder,
  })
  const vocabulary = withData(vocabularyOf(await listFields(storage.read, workspaceId), locale), asked.data)
  const merged = await rendered(compiler, asked, person, vocabulary)
  return deliveryId => {
    const token = publicToken(secrets.key(DELIVERY_KEY), deliveryId)
    const linked = (text: string | null) => text?.replaceAll(placeholder, token) ?? null
    return {
      fromName: asked.from_name,
      fromEmail: asked.from_email,
      toName: asked.to.name || [person.first_name, person.last_name].filter(Boolean).join(' '),
      replyTo: asked.reply_to,
      subject: merged.subject,
      html: linked(merged.html),
      text: linked(merged.text),
      headers: asked.headers,
      attachments: asked.attachments,
      tags: asked.tags,
    }
  }
}

async function rendered(
  compiler: Compiler,
  { template, html, text, subject }: AskedTransactional,
  person: MergePerson,
  vocabulary: Vocabulary,
): Promise<{ subject: string; html: string | null; text: string | null }> {
  const plain = text === null ? null : compileTags(text, vocabulary, 'text').merge(person)
  const draft: Draft | undefined =
    template !== undefined
      ? { kind: 'html', language: template.language, source: template.content, subject, content: html ?? '' }
      : html !== null
        ? { kind: 'html', language: 'tags', source: html, subject, content: '' }
        : undefined
  if (draft === undefined)
    return { subject: compileTags(subject, vocabulary, 'subject').merge(person), html: null, text: plain }
  const made = await renderDraft(compiler, draft, person, vocabulary)
  const [fault] = made.faults
  if (fault !== undefined)
    throw new Problem('invalid', '', {
      fields: { [template === undefined ? 'content' : 'template_id']: [fault.message] },
    })
  return { subject: made.subject, html: made.html, text: plain ?? made.text }
}

function personOf(
  { to, data }: AskedTransactional,
  subscriber: Subscriber | undefined,
  links: Pick<MergePerson, 'unsubscribe_url' | 'webview_url'>,
): MergePerson {
  const own = (key: 'first_name' | 'last_name') =>
    typeof data[key] === 'string' ? data[key] : (subscriber?.[key] ?? null)
  return {
    email: to.email,
    first_name: own('first_name'),
    last_name: own('last_name'),
    // Liquid walks through what is nested, too.
    fields: { ...(subscriber && fieldsOf(subscriber)), ...(data as FieldValues) },
    ...links,
  }
}

/** Words of the request come before custom fields, and after the names that everybody has. */
function withData(vocabulary: Vocabulary, data: Record<string, unknown>): Vocabulary {
  const words = new Map(vocabulary)
  for (const [key, value] of Object.entries(data)) {
    const name = key.toLowerCase()
    if (!RESERVED.has(name)) words.set(name, () => written(value))
  }
  return words
}

const RESERVED = new Set([
  'email',
  'first_name',
  'last_name',
  'unsubscribe_url',
  'unsubscribe_link',
  'webview_url',
  'content',
])

function written(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.map(written).join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
