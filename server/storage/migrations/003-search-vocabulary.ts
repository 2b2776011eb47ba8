import type { Kysely } from 'kysely'
import type { Columns } from '../columns.ts'
import { createVocabulary } from '../search-vocabulary.ts'

export async function searchVocabulary(db: Kysely<unknown>, { engine }: Columns): Promise<void> {
  await createVocabulary(db, engine)
}
