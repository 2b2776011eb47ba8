import { defineConfig } from 'vitest/config'
import { CountReporter } from './test/count-reporter.ts'

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // What is waited for comes; on a busy machine later than the usual second.
    expect: { poll: { timeout: 15_000 } },
    maxWorkers: 2,
    globalSetup: ['test/temporary-folder.ts', 'test/postgres-cluster.ts'],
    reporters: ['default', new CountReporter()],
    projects: [
      {
        extends: true,
        test: { name: 'server', include: ['{server,blocks,test,bench}/**/*.test.ts'] },
      },
      {
        extends: true,
        test: { name: 'web', environment: 'jsdom', include: ['web/**/*.test.{ts,tsx}'] },
      },
    ],
  },
})
