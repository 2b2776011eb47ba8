import type { ForwardTarget } from '../../../server/catch/api/wire.ts'

/** Whether mail may go there: it is confirmed, or an address of a domain that is. */
export function isTaken(
  targets: readonly ForwardTarget[],
  kind: ForwardTarget['kind'],
  value: string,
): boolean {
  const domain = value.slice(value.lastIndexOf('@') + 1)
  return targets.some(
    target =>
      target.status === 'active' &&
      (target.kind === 'domain' ? target.value === domain : kind === 'email' && target.value === value),
  )
}
