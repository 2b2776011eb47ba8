import { type Guard, RefusedTarget } from '../../guard.ts'

/**
 * Why nothing may be handed over to a host, or asked of an address of the web, that somebody typed; undefined: it may. A name that is not known now may
 * be known later, and is asked again then.
 */
export async function targetRefusal(guard: Guard, target: string): Promise<string | undefined> {
  const host = URL.canParse(target) && /^https?:/i.test(target) ? new URL(target).hostname : target
  try {
    await guard.addressesOf(host)
    return undefined
  } catch (error) {
    return error instanceof RefusedTarget ? error.message : undefined
  }
}
