import type { Sending } from './sending.ts'

export function createSending(): Sending & { close(): Promise<void> } {
  return {
    wake: () => {},
    stop: async () => {},
    progressOf: () => ({ perSecond: 0, waitsFor: null }),
    handOver: async () => ({
      is: 'deferred',
      scope: 'service',
      answer: { code: 0, enhanced: null, text: 'nothing sends yet' },
    }),
    close: async () => {},
  }
}
