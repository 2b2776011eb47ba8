import { Problem } from '../../problem.ts'
import { StorageFault } from '../../storage/faults.ts'

/** Somebody else may take an address between the question whether it is free and the row that holds it. */
export async function takenAddressIsInvalid<T>(change: () => Promise<T>): Promise<T> {
  try {
    return await change()
  } catch (error) {
    if (error instanceof StorageFault && error.kind === 'duplicate')
      throw new Problem('invalid', '', { fields: { email: ['is taken'] }, cause: error })
    throw error
  }
}
