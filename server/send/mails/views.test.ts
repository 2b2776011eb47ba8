import PostalMime from 'postal-mime'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eachEngine } from '../../../test/engines.ts'
import { newBlock, newDocument } from '../../../blocks/document.ts'
import { openSecrets } from '../../accounts/secrets.ts'
import { createWorkspace } from '../../accounts/workspaces.ts'
import { openDatabase } from '../../storage/database.ts'
import { parseLocation } from '../../storage/location.ts'
import type { Database } from '../../storage/schema.ts'
import { changeAudienceSettings } from '../audience/audience-settings.ts'
import { createField } from '../audience/custom-fields.ts'
import { createSubscriber } from '../audience/subscribers.ts'
import { type Campaign, campaignById, createCampaign } from '../campaigns/campaigns.ts'
import { deliveryById } from '../deliveries/deliveries.ts'
import { createTransactional, type TransactionalContent } from '../deliveries/transactional.ts'
import { createSendingDomain } from '../domains/sending-domains.ts'
import { DELIVERY_KEY, publicToken } from '../feedback/public-token.ts'
import { Compiler } from '../templates/compiler.ts'
import { createTemplate } from '../templates/templates.ts'
import { renderLetter } from './letter.ts'
import { gatherCampaign, gatherLetters } from './program-sources.ts'
import { previewCampaign, testMail, viewDelivery } from './views.ts'

const compiler = new Compiler()
const secrets = openSecrets({ dataDir: '', secretKey: 'of this test' })
afterAll(() => compiler.close())

eachEngine('views of mails', engine => {
  let db: Database
  let workspaceId: number
  let campaign: Campaign
  const door = () => ({
    storage: { read: db },
    secrets,
    publicUrl: 'https://news.example',
    bounceDomain: 'bounce.example',
    compiler,
  })

  beforeAll(async () => {
    db = await openDatabase(parseLocation(await engine.freshUrl()))
    workspaceId = (await createWorkspace(db, 'One')).id
    await changeAudienceSettings(db, workspaceId, { public_name: 'The Shop', locale: 'fr' })
    await createField(db, workspaceId, { label: 'City', kind: 'text' })
    const blocks = {
      ...newDocument(),
      blocks: [
        { ...newBlock('text', 'a'), text: 'Dear {{first_name|friend}} of {{city}},' },
        newBlock('content', 'b'),
      ],
    }
    const source = JSON.stringify(blocks)
    const made = await compiler.compile({ kind: 'blocks', language: 'tags', source })
    const template = await createTemplate(db, workspaceId, {
      name: 'Letter',
      kind: 'blocks',
      source,
      content: made.content,
      userId: null,
    })
    campaign = await createCampaign(
      db,
      workspaceId,
      {
        name: 'News',
        subject: 'News for {{first_name|you}}',
        content: '<p>See <a href="https://a.example/{{city}}">this</a></p>',
        template_id: template.id,
        email_service_id: null,
        from_name: 'Ada',
        from_email: 'ada@mail.shop.example',
        reply_to: 'help@shop.example',
        preheader: 'Before all',
        is_open_tracking: 1,
        is_click_tracking: 1,
        send_to_all: 1,
        save_as_draft: 0,
        scheduled_at: null,
      },
      { tags: [], segments: [] },
    )
    await db
      .insertInto('campaign_attachments')
      .values({
        campaign_id: campaign.id,
        name: 'a.txt',
        content_type: 'text/plain',
        content_id: null,
        size: 5,
        bytes: Buffer.from('hello'),
      })
      .execute()
    await createSendingDomain(db, secrets, workspaceId, { domain: 'shop.example', selector: 'ph' })
  })
  afterAll(() => db.destroy())

  it('gather what stands in many tables', async () => {
    const { sources, setting } = await gatherCampaign(door(), campaign)
    expect(sources).toMatchObject({
      fromEmail: 'ada@mail.shop.example',
      locale: 'fr',
      preheader: 'Before all',
    })
    expect(sources.template?.text).toContain('Dear {{first_name|friend}}')
    expect(sources.fields.map(({ key }) => key)).toEqual(['city'])
    expect(sources.attachments).toEqual([
      { name: 'a.txt', contentType: 'text/plain', contentId: null, base64: 'aGVsbG8=' },
    ])
    expect(setting).toMatchObject({ listName: 'The Shop', bounceDomain: 'bounce.example' })
    expect(setting.dkim).toMatchObject({ domain: 'shop.example', selector: 'ph' })
    expect(JSON.parse(JSON.stringify(sources))).toEqual(sources)
  })

  it('show a campaign before it is sent, and send a test of it', async () => {
    const preview = await previewCampaign(door(), campaign, undefined)
    expect(preview).toMatchObject({
      subject: 'News for Ada',
      faults: [],
      from: { email: campaign.from_email },
    })
    expect(preview.html).toContain('Dear Ada of City,')
    expect(preview.html).toContain('href="https://a.example/City"')
    expect(preview.html).not.toContain('/t/')
    expect(preview.text).toContain('this (https://a.example/City)')
    expect(preview.text).toMatch(/Se désinscrire|Se désabonner/)
    expect(preview.headers.map(([name]) => name)).toContain('List-Unsubscribe-Post')

    const ulm = await createSubscriber(db, workspaceId, {
      email: 'bo@example.com',
      first_name: 'Bo',
      last_name: null,
      source: 'api',
      fields: { city: 'Ulm' },
    })
    const mail = await testMail(door(), campaign, 'me@shop.example', ulm)
    expect(mail).toMatchObject({ forwardPath: 'me@shop.example', reversePath: campaign.from_email })
    const read = await PostalMime.parse(mail.bytes)
    expect(read.subject).toBe('[Test] News for Bo')
    expect(read.html).toContain('https://news.example/t/c/test/1?u=')
    expect(read.attachments.map(({ filename }) => filename)).toEqual(['a.txt'])
    expect(read.headers[0]?.key).toBe('dkim-signature')
    expect(mail.parts?.html).toContain('Dear Bo of Ulm,')

    const { id } = await db
      .insertInto('deliveries')
      .values({
        workspace_id: workspaceId,
        campaign_id: campaign.id,
        subscriber_id: ulm.id,
        email: ulm.email,
        status: 'sent',
        created_at: 1,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    const delivery = await deliveryById(db, workspaceId, id)
    if (delivery === undefined) throw new Error('no delivery')
    const { sources } = await gatherCampaign(door(), campaign)
    const snapshot = JSON.stringify({ ...sources, subject: 'As it was sent to {{first_name}}' })
    await db.updateTable('campaigns').set({ snapshot }).where('id', '=', campaign.id).execute()
    const view = await viewDelivery(door(), delivery)
    expect(view.subject).toBe('As it was sent to Bo')
    const token = publicToken(secrets.key(DELIVERY_KEY), id)
    expect(view.html).toContain(`https://news.example/subscriptions/unsubscribe/${token}`)
    expect(view.html).not.toContain('/t/')
    await db.updateTable('campaigns').set({ snapshot: null }).where('id', '=', campaign.id).execute()
  })

  it('say what is wrong with a campaign', async () => {
    const broken = await createTemplate(db, workspaceId, {
      name: 'Broken',
      language: 'liquid',
      source: '{{ first_name | nothing }}{{content}}',
      userId: null,
    })
    await db.updateTable('campaigns').set({ template_id: broken.id }).where('id', '=', campaign.id).execute()
    const changed = (await campaignById(db, workspaceId, campaign.id)) ?? campaign
    const { html, faults } = await previewCampaign(door(), changed, undefined)
    expect([html, faults.length > 0]).toEqual(['', true])
    await expect(testMail(door(), changed, 'a@b.example', undefined)).rejects.toMatchObject({
      kind: 'invalid',
    })
  })

  it('write mails by themselves', async () => {
    const content: TransactionalContent = {
      fromName: 'Shop',
      fromEmail: 'shop@shop.example',
      toName: 'Bo "B" Übel',
      replyTo: 'help@shop.example',
      subject: 'Your order é',
      html: '<p>Paid</p>',
      text: null,
      headers: [
        ['X-Order', '7'],
        ['Bcc', 'evil@example.com'],
      ],
      attachments: [{ name: 'r.pdf', contentType: 'application/pdf', contentId: null, base64: 'AAAA' }],
      tags: [],
    }
    const setting = await gatherLetters(door(), workspaceId)
    const letter = { id: 9, email: 'bo@example.com', content: JSON.stringify(content) }
    const { mail, subject } = await renderLetter(letter, setting, 'bytes')
    const read = await PostalMime.parse(mail.bytes)
    const names = read.headers.map(({ key }) => key)
    expect([subject, read.subject, read.html?.trim()]).toEqual([
      content.subject,
      content.subject,
      content.html,
    ])
    expect(read.to).toEqual([{ name: content.toName, address: 'bo@example.com' }])
    expect(names.filter(name => name === 'dkim-signature')).toHaveLength(2)
    expect(names).toEqual(expect.arrayContaining(['x-order', 'auto-submitted', 'reply-to']))
    expect(names).not.toEqual(expect.arrayContaining(['bcc']))
    expect(names).not.toEqual(expect.arrayContaining(['list-unsubscribe']))
    expect(read.messageId).toBe(`<${mail.idempotencyKey}>`)
    expect(mail.reversePath).toMatch(/^b-[0-9a-f]{30}@bounce\.example$/)
    const parts = (await renderLetter(letter, setting, 'parts')).mail.parts
    expect(parts?.headers.map(([name]) => name)).toEqual(['Message-ID', 'X-Order', 'Auto-Submitted'])

    const service = await db
      .insertInto('email_services')
      .values({
        workspace_id: workspaceId,
        name: 's',
        type_id: 6,
        settings: '',
        created_at: 1,
        updated_at: 1,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    const delivery = await createTransactional(db, workspaceId, {
      to: letter.email,
      emailServiceId: service.id,
      subscriber: null,
      content: () => content,
      skipped: null,
      idempotencyKey: null,
      fingerprint: 'x',
    })
    expect(await viewDelivery(door(), delivery)).toEqual({
      html: content.html,
      text: '',
      subject: content.subject,
    })
    await expect(renderLetter({ ...letter, content: null }, setting, 'bytes')).rejects.toThrow('not there')
  })
})
