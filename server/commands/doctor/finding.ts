/** One thing that was looked at. */
export interface Finding {
  check: string
  state: 'ok' | 'warn' | 'fail'
  says: string
  /** What to do about it. */
  mend?: string
}

export function ok(check: string, says: string): Finding {
  return { check, state: 'ok', says }
}

export function warn(check: string, says: string, mend: string): Finding {
  return { check, state: 'warn', says, mend }
}

export function fail(check: string, says: string, mend: string): Finding {
  return { check, state: 'fail', says, mend }
}
