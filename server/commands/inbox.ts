import type { User } from '../accounts/users.ts'
import { createInbox, type Inbox, resetCredentials } from '../catch/inboxes.ts'
import { createProject, type Project, projectsOf } from '../catch/projects.ts'
import type { Database } from '../storage/schema.ts'
import { type Command, CommandFailure, type Invocation, misused, textFlag } from './command.ts'
import { print, printable, printJson, printTable } from './print.ts'
import { personNamed } from './whose.ts'
import { withDatabase } from './with-database.ts'

export const command: Command = {
  options: {
    name: { type: 'string' },
    project: { type: 'string' },
    user: { type: 'string' },
    json: { type: 'boolean' },
  },
  usage: [
    'inbox create --name N [--project ID|NAME] [--user E] [--json]',
    'inbox list [--user E] [--json]',
    'inbox reset ID|NAME [--json]',
  ],
  details:
    "A new inbox goes into the user's current workspace (without --user: the first owner's), into its first project or\n" +
    'the one named, which is made if it is not there. `reset` gives new SMTP credentials; the old ones stop at once.',
  run(invocation) {
    const [what] = invocation.words
    if (what === 'create') return create(invocation)
    if (what === 'list') return list(invocation)
    if (what === 'reset') return reset(invocation)
    throw misused('inbox create, inbox list or inbox reset?')
  },
}

async function create({ settings, flags }: Invocation): Promise<void> {
  const name = textFlag(flags, 'name')?.trim()
  if (!name) throw misused('--name is missing')
  await withDatabase(settings, async (db, secrets) => {
    const user = await personNamed(db, textFlag(flags, 'user'))
    const inbox = await db.transaction().execute(async trx => {
      const project = await projectFor(trx, user, textFlag(flags, 'project'))
      return createInbox(trx, secrets, {
        projectId: project.id,
        name,
        maxSize: settings.inboxMaxMessages,
        maxMessageSize: settings.maxMessageSize,
      })
    })
    tell(inbox, secrets.open(inbox.password), flags)
  })
}

async function projectFor(db: Database, user: User, wanted: string | undefined): Promise<Project> {
  const projects = await projectsOf(db, user.current_workspace_id)
  const found =
    wanted === undefined
      ? projects[0]
      : (projects.find(project => String(project.id) === wanted) ??
        projects.find(project => project.name === wanted))
  if (found !== undefined) return found
  if (wanted !== undefined && /^\d+$/.test(wanted))
    throw new CommandFailure(`there is no project ${wanted} in the workspace of ${user.email}`)
  return createProject(db, {
    workspaceId: user.current_workspace_id,
    ownerId: user.id,
    name: wanted ?? 'My project',
  })
}

async function list({ settings, flags }: Invocation): Promise<void> {
  await withDatabase(settings, async db => {
    const email = textFlag(flags, 'user')
    const only = email === undefined ? undefined : await personNamed(db, email)
    let query = db
      .selectFrom('inboxes')
      .innerJoin('projects', 'projects.id', 'inboxes.project_id')
      .select(['inboxes.id', 'inboxes.name', 'projects.name as project', 'projects.workspace_id'])
      .select(['inboxes.username', 'inboxes.email_username', 'inboxes.status'])
      .select(['inboxes.emails_count', 'inboxes.emails_unread_count', 'inboxes.max_size'])
      .orderBy('inboxes.id')
    if (only !== undefined) query = query.where('projects.workspace_id', '=', only.current_workspace_id)
    const inboxes = await query.execute()
    if (flags.json) return printJson(inboxes)
    printTable(
      ['ID', 'NAME', 'PROJECT', 'WORKSPACE', 'USERNAME', 'MESSAGES', 'UNREAD', 'KEEPS', 'STATUS'],
      inboxes.map(inbox => [
        inbox.id,
        inbox.name,
        inbox.project,
        inbox.workspace_id,
        inbox.username,
        inbox.emails_count,
        inbox.emails_unread_count,
        inbox.max_size === 0 ? 'all' : inbox.max_size,
        inbox.status,
      ]),
    )
  })
}

async function reset({ settings, flags, words }: Invocation): Promise<void> {
  const wanted = words[1]
  if (wanted === undefined) throw misused('which inbox? posthorn inbox list shows them')
  await withDatabase(settings, async (db, secrets) => {
    const { id } = await inboxNamed(db, wanted)
    const inbox = await resetCredentials(db, secrets, id)
    tell(inbox, secrets.open(inbox.password), flags)
  })
}

/**
 * An inbox by its id or its name.
 * @throws CommandFailure: there is none, or several have that name
 */
export async function inboxNamed(db: Database, wanted: string): Promise<Inbox> {
  const query = db.selectFrom('inboxes').selectAll().orderBy('id')
  if (/^\d{1,15}$/.test(wanted)) {
    const inbox = await query.where('id', '=', Number(wanted)).executeTakeFirst()
    if (inbox !== undefined) return inbox
  }
  const [found, ...more] = await query.where('name', '=', wanted).execute()
  if (found === undefined)
    throw new CommandFailure(`there is no inbox "${printable(wanted)}"; posthorn inbox list shows them`)
  if (more.length > 0) {
    const ids = [found, ...more].map(inbox => inbox.id).join(', ')
    throw new CommandFailure(`several inboxes are named "${printable(wanted)}": say which of ${ids}`)
  }
  return found
}

function tell(inbox: Inbox, password: string, flags: Invocation['flags']): void {
  const { id, name, username } = inbox
  if (flags.json) return printJson({ id, name, username, password })
  print(`inbox ${id} "${printable(name)}"`)
  print(`username: ${username}`)
  print(`password: ${password}`)
}
