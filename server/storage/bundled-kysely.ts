import { existsSync } from 'node:fs'
import { registerHooks } from 'node:module'

const FOLDER = new URL('../../node_modules/.bundled-kysely/', import.meta.url)

const BUNDLED: Record<string, string> = {
  kysely: new URL('kysely.mjs', FOLDER).href,
  'kysely/migration': new URL('migration.mjs', FOLDER).href,
}

/**
 * Kysely is some 300 small modules, and every thread loads them all: 24 MB each, and 100 ms of the start. The
 * set-up puts them into one file, which takes 6 MB. Without that file everything works as well, only heavier.
 */
export function useBundledKysely(): void {
  if (!existsSync(FOLDER)) return
  registerHooks({
    resolve(specifier, context, next) {
      const url = BUNDLED[specifier]
      return url === undefined ? next(specifier, context) : { url, format: 'module', shortCircuit: true }
    },
  })
}
