import { Problem } from '../../../problem.ts'
import { StorageFault } from '../../../storage/faults.ts'

/**
 * Says of what is taken already which field it is in. Asking first leaves a moment in which somebody else is quicker.
 * @throws Problem `invalid`
 */
export async function uniquely<T>(field: string, text: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (error instanceof StorageFault && error.kind === 'duplicate')
      throw new Problem('invalid', '', { fields: { [field]: [text] } })
    throw error
  }
}
