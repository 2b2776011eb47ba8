import type { Role } from '../../../accounts/permissions.ts'
import type { AccessLevel } from './wire.ts'

/** Roles as V2 counts them (contract, section 10.1). */
export const LEVELS: Record<Role, AccessLevel> = { owner: 1000, admin: 100, viewer: 10 }
