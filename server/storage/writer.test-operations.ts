import type { Operation } from './writer-messages.ts'

/** What writer.test.ts has the writing thread do. */
export const operations: Record<string, Operation> = {
  echo: async (_db, inputs) => inputs.map(({ input, bytes }) => `${input} ${bytes.toString()}`),
  put: async (db, inputs) => {
    for (const { input } of inputs)
      await db.insertInto('settings').values({ key: input, value: 'put' }).execute()
    return inputs.map(() => undefined)
  },
  crash: async () => {
    setImmediate(() => {
      throw new Error('planted')
    })
    return new Promise<never>(() => {})
  },
}
