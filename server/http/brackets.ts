import { Problem } from '../problem.ts'

type Nested = { [key: string]: Value } | Value[]
type Value = string | Nested

const MAX_DEPTH = 8

/**
 * `inbox[name]=x`, `ids[]=1` and `a[b][c]=y`, as Rails and PHP read them.
 * @throws Problem `malformed`: too deep, or a key that is both a value and an object
 */
export function fromBrackets(fields: Iterable<[string, string]>): Record<string, Value> {
  const root: Record<string, Value> = Object.create(null)
  for (const [name, value] of fields) place(root, stepsOf(name), value)
  return root
}

function stepsOf(name: string): string[] {
  const bracket = name.indexOf('[')
  if (bracket <= 0 || !name.endsWith(']')) return [name]
  const steps = [name.slice(0, bracket), ...name.slice(bracket + 1, -1).split('][', MAX_DEPTH)]
  if (steps.length > MAX_DEPTH) throw new Problem('malformed', 'The form is nested too deeply')
  return steps
}

function place(root: Record<string, Value>, steps: string[], value: string): void {
  let at: Nested = root
  for (const [i, step] of steps.entries()) {
    const next = steps[i + 1]
    const found: Value | undefined = Array.isArray(at) ? undefined : at[step]
    const child: Value = next === undefined ? value : (found ?? (next === '' ? [] : Object.create(null)))
    if (Array.isArray(at) !== (step === '' && i > 0) || (typeof child === 'string') !== (next === undefined))
      throw new Problem('malformed', 'The form uses one key in two ways')
    if (Array.isArray(at)) at.push(child)
    else at[step] = child
    if (typeof child !== 'string') at = child
  }
}
