import type { Schema } from '../../http/route-doc.ts'

/** The shapes of this folder's wire files, as the published description has them. */
export const audienceComponents: Record<string, Schema> = {}
