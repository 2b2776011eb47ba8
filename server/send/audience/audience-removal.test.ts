import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { start, stop, type Running } from '../../../test/accounts.ts'
import { eachEngine } from '../../../test/engines.ts'
import { finishRemoval, abandonWorkspace } from '../../accounts/workspace-removal.ts'
import { createPerson } from '../../accounts/people.ts'
import { deleteAudience } from './audience-removal.ts'
import { ImportFiles } from '../import/import-files.ts'
import { createImport } from '../import/imports.ts'
import { createSubscriber } from './subscribers.ts'
import { addTags } from './tagging.ts'
import { createTag } from './tags.ts'
import { createTemplate } from '../templates/templates.ts'

eachEngine('the audience of a deleted workspace', engine => {
  let running: Running
  beforeAll(async () => {
    running = await start(engine)
  })
  afterAll(() => stop(running))

  it('goes whole, with the files that people were read from, and nothing of another goes with it', async () => {
    const db = running.storage.write
    const dataDir = engine.freshDataDir()
    const files = new ImportFiles(dataDir, 1_000)
    const { workspace: kept } = running.owner
    const person = { name: 'Zoe', email: 'zoe@example.com', password: null }
    const { user, workspace } = await createPerson(db, person)
    const times = { created_at: 1, updated_at: 1 }
    for (const { id } of [kept, workspace]) {
      const tag = await createTag(db, id, 'VIP')
      await db.transaction().execute(async trx => {
        for (let number = 0; number < (id === kept.id ? 7 : 501); number++) {
          const made = await createSubscriber(trx, id, { email: `p${number}@example.com`, source: 'api' })
          if (number % 100 === 0) await addTags(trx, [made.id], [tag], { userId: null })
        }
      })
      const template = await createTemplate(db, id, { name: 't', source: '', userId: null })
      const service = await db
        .insertInto('email_services')
        .values({ workspace_id: id, name: 's', type_id: 6, settings: '', ...times })
        .returning('id')
        .executeTakeFirstOrThrow()
      await db
        .insertInto('campaigns')
        .values({
          workspace_id: id,
          name: 'c',
          subject: 's',
          content: '',
          status_id: 1,
          template_id: template.id,
          email_service_id: service.id,
          from_name: 'f',
          from_email: 'f@example.com',
          is_open_tracking: 1,
          is_click_tracking: 1,
          send_to_all: 1,
          save_as_draft: 0,
          scheduled_at: null,
          sent_at: null,
          ...times,
        })
        .execute()
    }
    const file = { userId: user.id, name: 'people.csv', size: 3, encoding: 'utf-8' } as const
    const taken = await createImport(db, workspace.id, file)
    mkdirSync(join(dataDir, 'imports'))
    writeFileSync(files.path(taken.id), 'a,b')

    await abandonWorkspace(db, workspace.id)
    await finishRemoval(db, (trx, id) => deleteAudience(trx, files, id), workspace.id)
    expect(existsSync(files.path(taken.id))).toBe(false)
    for (const table of [
      'subscribers',
      'tags',
      'templates',
      'email_services',
      'campaigns',
      'imports',
    ] as const) {
      const left = await db.selectFrom(table).select('workspace_id').distinct().execute()
      expect(left, table).toEqual(table === 'imports' ? [] : [{ workspace_id: kept.id }])
    }
    expect(await db.selectFrom('subscribers').select('id').execute()).toHaveLength(7)
  })
})
