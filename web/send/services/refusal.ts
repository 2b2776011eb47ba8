import { CallError } from '../../calls/http.ts'

/** Why a call was refused, in the server's words: what it says of a field is more than what it says of the whole. */
export function refusal(error: unknown): string {
  if (error instanceof CallError) return Object.values(error.fields)[0]?.[0] ?? error.message
  return error instanceof Error ? error.message : ''
}
