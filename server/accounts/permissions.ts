export type Role = 'owner' | 'admin' | 'viewer'

/** What may be asked for. A new act is a new line of the table below. */
export type Act = keyof typeof TABLE

/**
 * The one table: may somebody with this role do that? The role is the one they have on the very thing it is done
 * to: on an inbox the strongest of inbox, project and workspace, on a project that of project and workspace. So
 * the admin of a project creates inboxes in it, and the admin of one inbox does not. Owners are of workspaces only.
 */
const TABLE = {
  // An inbox and what is in it.
  see: { owner: true, admin: true, viewer: true },
  see_secrets: { owner: true, admin: true, viewer: false },
  mark_read: { owner: true, admin: true, viewer: false },
  change_messages: { owner: true, admin: true, viewer: false },
  forward_messages: { owner: true, admin: true, viewer: false },
  send_mail: { owner: true, admin: true, viewer: false },
  manage_inbox: { owner: true, admin: true, viewer: false },
  // A project. Whoever made it may delete it too, which `ownsProject` adds (contract, section 16).
  create_inboxes: { owner: true, admin: true, viewer: false },
  manage_project: { owner: true, admin: true, viewer: false },
  delete_any_project: { owner: true, admin: false, viewer: false },
  // A workspace.
  create_projects: { owner: true, admin: true, viewer: false },
  manage_tokens: { owner: true, admin: true, viewer: false },
  manage_forward_targets: { owner: true, admin: true, viewer: false },
  manage_workspace: { owner: true, admin: false, viewer: false },
  // Whom it writes to, and what.
  see_audience: { owner: true, admin: true, viewer: true },
  manage_audience: { owner: true, admin: true, viewer: false },
  export_audience: { owner: true, admin: true, viewer: false },
  see_campaigns: { owner: true, admin: true, viewer: true },
  manage_campaigns: { owner: true, admin: true, viewer: false },
  manage_email_services: { owner: true, admin: true, viewer: false },
  // Any of the three.
  see_people: { owner: true, admin: true, viewer: true },
  manage_people: { owner: true, admin: true, viewer: false },
} satisfies Record<string, Record<Role, boolean>>

const STRENGTH: Record<Role, number> = { viewer: 1, admin: 2, owner: 3 }

export function may(role: Role, act: Act): boolean {
  return TABLE[act][role]
}

/** Of several ways to the same thing the one that allows most; null: there is none. */
export function strongest(...roles: (Role | null)[]): Role | null {
  let best: Role | null = null
  for (const role of roles)
    if (role !== null && (best === null || STRENGTH[role] > STRENGTH[best])) best = role
  return best
}
