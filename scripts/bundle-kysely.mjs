// Kysely in one file, for the server's threads (see server/storage/bundled-kysely.ts).
import { rolldown } from 'rolldown'

const bundle = await rolldown({
  input: { kysely: 'kysely', migration: 'kysely/migration' },
  platform: 'node',
})
await bundle.write({
  dir: 'node_modules/.bundled-kysely',
  format: 'esm',
  minify: true,
  entryFileNames: '[name].mjs',
})
