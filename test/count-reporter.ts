import type { Reporter, SerializedError, TestModule } from 'vitest/node'

/** Closes a run with the line `N passed, N failed`. */
export class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const count = { passed: 0, failed: unhandled.length, skipped: 0 }
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        // A test that was still pending when the run was cut short did not pass.
        count[state === 'pending' ? 'skipped' : state] += 1
      }
      // A file that cannot be loaded, or a hook that fails, has no failed test to be counted by.
      count.failed += module.errors().length
      for (const suite of module.children.allSuites()) count.failed += suite.errors().length
    }
    const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : ''
    console.log(`\n${count.passed} passed, ${count.failed} failed${skipped}`)
  }
}
