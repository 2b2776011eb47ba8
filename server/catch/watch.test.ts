import { afterAll, beforeAll, expect, it } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { openSandbox, type Sandbox } from '../../test/sandbox.ts'
import { createPerson } from '../accounts/people.ts'
import { openDatabase } from '../storage/database.ts'
import { changeInbox } from './inboxes.ts'
import { createProject } from './projects.ts'
import { createWatch, type InboxChange } from './watch.ts'

type Heard = (InboxChange & { userIds: number[] }) | { tree: number[] } | { person: number }

eachEngine('the watch', engine => {
  let sandbox: Sandbox
  let watch: ReturnType<typeof createWatch>
  let heard: Heard[] = []
  let wake: (() => void) | undefined
  beforeAll(async () => {
    sandbox = await openSandbox(engine)
    const hear = (change: Heard) => {
      heard.push(change)
      wake?.()
    }
    watch = createWatch(
      sandbox.storage,
      {
        inbox: (change, userIds) => hear({ ...change, userIds }),
        tree: tree => hear({ tree }),
        person: person => hear({ person }),
      },
      error => {
        throw error
      },
    )
    // The first look only learns what is there; only then can a change be told from the beginning.
    await sandbox.keep('Subject: first\r\n\r\n')
    watch.look()
    await next(() => true)
  })
  afterAll(async () => {
    watch.close()
    await sandbox.storage.close()
  })

  /** The first change that fits, waiting for it. */
  async function next(fits: (change: Heard) => boolean): Promise<Heard> {
    for (;;) {
      const found = heard.find(fits)
      if (found) {
        heard = []
        return found
      }
      await new Promise<void>(resolve => (wake = resolve))
    }
  }

  it('tells of new mail, with counters and the newest id', async () => {
    const id = await sandbox.keep('Subject: x\r\n\r\n')
    watch.look()
    const change = await next(one => 'newest_id' in one && one.newest_id === id)
    expect(change).toMatchObject({
      id: sandbox.inbox.id,
      userIds: [sandbox.userId],
      emails_count: 2,
      emails_unread_count: 2,
    })
  })

  it('notices what another process wrote, without being asked to look', async () => {
    const beside = await openDatabase(sandbox.storage.location)
    await changeInbox(beside, sandbox.inbox.id, { name: 'Renamed beside' })
    await beside.destroy()
    expect(await next(change => 'tree' in change)).toEqual({ tree: expect.arrayContaining([sandbox.userId]) })
  })

  it('tells that an inbox came or went', async () => {
    const inbox = await sandbox.newInbox()
    expect(await next(change => 'tree' in change)).toEqual({ tree: expect.arrayContaining([sandbox.userId]) })
    await sandbox.storage.write.deleteFrom('inboxes').where('id', '=', inbox.id).execute()
    expect(await next(change => 'tree' in change)).toEqual({ tree: expect.arrayContaining([sandbox.userId]) })
  })

  it('tells those who were given the inbox alone, and them that they were', async () => {
    const { user } = await createPerson(sandbox.storage.write, {
      name: 'Guest',
      email: 'guest@example.com',
      password: null,
    })
    expect(await next(change => 'person' in change)).toEqual({ person: user.id })
    const times = { created_at: 1, updated_at: 1 }
    await sandbox.storage.write
      .insertInto('inbox_members')
      .values({ inbox_id: sandbox.inbox.id, user_id: user.id, role: 'viewer', ...times })
      .execute()
    expect(await next(change => 'person' in change)).toEqual({ person: user.id })
    await sandbox.keep('Subject: for both\r\n\r\n')
    watch.look()
    const change = await next(one => 'newest_id' in one)
    expect(change).toMatchObject({ userIds: [sandbox.userId, user.id] })
  })

  it('tells both projects of an inbox that is moved, and its people that it is switched off', async () => {
    const { user, workspace } = await createPerson(sandbox.storage.write, {
      name: 'Colleague',
      email: 'colleague@example.com',
      password: null,
    })
    const inbox = await sandbox.newInbox()
    const times = { created_at: 1, updated_at: 1 }
    await sandbox.storage.write
      .insertInto('project_members')
      .values({ project_id: sandbox.projectId, user_id: user.id, role: 'viewer', ...times })
      .execute()
    await next(change => 'person' in change)
    const told = (change: Heard) => 'tree' in change && change.tree.includes(user.id)
    const { write } = sandbox.storage
    const elsewhere = await createProject(write, {
      workspaceId: workspace.id,
      ownerId: user.id,
      name: 'Other',
    })
    await next(told)
    await changeInbox(write, inbox.id, { status: 'inactive' })
    await next(told)
    // Theirs is the project it leaves; their own, which it goes to, does not count here.
    await write.deleteFrom('members').where('user_id', '=', user.id).execute()
    await next(change => 'person' in change)
    await changeInbox(write, inbox.id, { project_id: elsewhere.id })
    await next(told)
  })
})
