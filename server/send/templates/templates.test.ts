import { expect, it } from 'vitest'
import { eachEngine } from '../../../test/engines.ts'
import { createWorkspace } from '../../accounts/workspaces.ts'
import { openDatabase } from '../../storage/database.ts'
import { parseLocation } from '../../storage/location.ts'
import {
  changeTemplate,
  countTemplates,
  createTemplate,
  deleteTemplate,
  listTemplates,
  normalisePlaceholder,
  putContent,
  templateSummaries,
  versionOf,
  versionsOf,
} from './templates.ts'

it('writes the placeholder in one way, if it is one of the three (contract, 4.5)', () => {
  expect(normalisePlaceholder('{{ content }} {{content }} {{ CONTENT}} {{ Content }}')).toBe(
    '{{content}} {{content}} {{content}} {{content}}',
  )
  for (const other of ['{{CONTENT}}', '{{  content }}', '{{\tcontent}}', '{{ contents }}', '{ { content }}'])
    expect(normalisePlaceholder(other)).toBe(other)
})

eachEngine('Templates', engine => {
  it('have versions, and names of their own in a workspace', async () => {
    const db = await openDatabase(parseLocation(await engine.freshUrl()))
    const nobody = { userId: null }
    const { id: workspaceId } = await createWorkspace(db, 'One')
    const { id: other } = await createWorkspace(db, 'Two')

    const made = await createTemplate(db, workspaceId, {
      name: 'News',
      source: '<p>{{ content }}</p>',
      ...nobody,
    })
    expect(made).toMatchObject({ kind: 'html', version: 1, source: '<p>{{content}}</p>' })
    expect(made.content).toBe(made.source)
    await expect(
      createTemplate(db, workspaceId, { name: 'NEWS', source: '', ...nobody }),
    ).rejects.toMatchObject({ kind: 'duplicate' })
    await createTemplate(db, other, { name: 'news', source: '', ...nobody })
    const second = await createTemplate(db, workspaceId, { name: 'an offer', source: 'x', ...nobody })
    expect((await listTemplates(db, workspaceId, { limit: 9 })).map(each => each.name)).toEqual([
      'an offer',
      'News',
    ])
    expect(await countTemplates(db, workspaceId)).toBe(2)
    expect((await templateSummaries(db, workspaceId, 'EW')).map(each => each.name)).toEqual(['News'])

    const renamed = await changeTemplate(db, made, { name: 'Newsletter' }, nobody)
    expect(renamed).toMatchObject({ name: 'Newsletter', version: 1 })
    await expect(changeTemplate(db, renamed, { name: 'An Offer' }, nobody)).rejects.toMatchObject({
      kind: 'duplicate',
    })
    const blocks = await changeTemplate(
      db,
      renamed,
      { kind: 'blocks', source: '{}', content: '<b>made</b>' },
      nobody,
    )
    expect(blocks).toMatchObject({ version: 2, kind: 'blocks', content: '<b>made</b>' })
    // What a program read and sends back is no change; other HTML makes it HTML.
    const back = await putContent(db, blocks, { name: 'Newsletter', content: '<b>made</b>' }, nobody)
    expect(back).toMatchObject({ version: 2, kind: 'blocks' })
    const html = await putContent(db, back, { name: 'Newsletter', content: '<i>new</i>' }, nobody)
    expect(html).toMatchObject({ version: 3, kind: 'html', source: '<i>new</i>', content: '<i>new</i>' })
    expect((await versionsOf(db, html)).map(each => [each.number, each.kind])).toEqual([
      [3, 'html'],
      [2, 'blocks'],
      [1, 'html'],
    ])
    expect(await versionOf(db, html, 2)).toMatchObject({ source: '{}', content: '<b>made</b>' })

    const now = Date.now()
    await db
      .insertInto('campaigns')
      .values({
        workspace_id: workspaceId,
        name: 'c',
        subject: 's',
        content: null,
        status_id: 1,
        template_id: second.id,
        email_service_id: null,
        from_name: '',
        from_email: '',
        is_open_tracking: 1,
        is_click_tracking: 1,
        send_to_all: 1,
        save_as_draft: 0,
        scheduled_at: null,
        sent_at: null,
        created_at: now,
        updated_at: now,
      })
      .execute()
    expect((await templateSummaries(db, workspaceId)).map(each => each.used_by)).toEqual([1, 0])
    await expect(deleteTemplate(db, second)).rejects.toMatchObject({
      kind: 'invalid',
      fields: { template: ['Cannot delete a template that has been used.'] },
    })
    await deleteTemplate(db, html)
    expect(await countTemplates(db, workspaceId)).toBe(1)
    expect(await versionsOf(db, html)).toEqual([])
    await expect(
      createTemplate(db, workspaceId, { name: 'big', source: 'x'.repeat(2_000_001), ...nobody }),
    ).rejects.toMatchObject({ kind: 'invalid' })
    await db.destroy()
  })
})
