import { type Guard, RefusedTarget } from '../../guard.ts'

/**
 * Why mail may not be handed over to a host that somebody typed; undefined: it may. A name that is not known now may
 * be known later, and is asked again then.
 */
export async function targetRefusal(guard: Guard, host: string): Promise<string | undefined> {
  try {
    await guard.addressesOf(host)
    return undefined
  } catch (error) {
    return error instanceof RefusedTarget ? error.message : undefined
  }
}
