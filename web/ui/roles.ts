import type { Role } from '../calls/session.ts'

export const ROLES: Record<Role, string> = { owner: 'Owner', admin: 'Admin', viewer: 'Viewer' }
