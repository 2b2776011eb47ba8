import { type ResourceLimits, Worker } from 'node:worker_threads'

/**
 * Starts a thread that loads its modules as main.ts does: sources from the compile cache (with its own type
 * stripper a thread took 30 MB more, and 100 ms more to start), Kysely from its bundle.
 */
export function startThread(entry: URL, workerData?: unknown, resourceLimits?: ResourceLimits): Worker {
  const bundled = new URL('./bundled-kysely.ts', import.meta.url)
  const script = `
    require('node:module').enableCompileCache()
    import(${JSON.stringify(bundled.href)}).then(({ useBundledKysely }) => {
      useBundledKysely()
      return import(${JSON.stringify(entry.href)})
    })`
  return new Worker(script, { eval: true, workerData, ...(resourceLimits && { resourceLimits }) })
}
