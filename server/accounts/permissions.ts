export type Role = 'owner' | 'admin' | 'viewer'

/** What may be asked for. A new act is a new line of the table below. */
export type Act =
  | 'see'
  | 'see_secrets'
  | 'mark_read'
  | 'change_messages'
  | 'manage_inboxes'
  | 'manage_projects'
  | 'delete_any_project'
  | 'manage_people'
  | 'manage_tokens'
  | 'manage_workspace'

/**
 * The one table: may a person with this role do that? `delete_any_project` is the owner's alone; whoever made
 * a project may delete it too, which the project's rules add (contract section 16).
 */
const TABLE: Record<Act, Record<Role, boolean>> = {
  see: { owner: true, admin: true, viewer: true },
  see_secrets: { owner: true, admin: true, viewer: false },
  mark_read: { owner: true, admin: true, viewer: false },
  change_messages: { owner: true, admin: true, viewer: false },
  manage_inboxes: { owner: true, admin: true, viewer: false },
  manage_projects: { owner: true, admin: true, viewer: false },
  delete_any_project: { owner: true, admin: false, viewer: false },
  manage_people: { owner: true, admin: true, viewer: false },
  manage_tokens: { owner: true, admin: true, viewer: false },
  manage_workspace: { owner: true, admin: false, viewer: false },
}

export function may(role: Role, act: Act): boolean {
  return TABLE[act][role]
}
