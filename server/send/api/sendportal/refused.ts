import { Problem } from '../../../problem.ts'

export function refused(field: string, message: string): Problem {
  return new Problem('invalid', '', { fields: { [field]: [message] } })
}

/** What cannot be done to a thing as it is, said as this API says what is wrong with a field. */
export async function refusedInWords<T>(field: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    throw error instanceof Problem && error.kind === 'conflict' ? refused(field, error.message) : error
  }
}
