/** What we use of it; it comes without types. */
declare module 'autocannon' {
  interface Running extends Promise<{ non2xx: number; errors: number }> {
    on(
      event: 'response',
      heard: (client: unknown, status: number, bytes: number, milliseconds: number) => void,
    ): void
  }

  export default function autocannon(options: {
    url: string
    connections: number
    headers: Record<string, string>
    setupClient: (client: { setRequests(requests: { path: string }[]): void }) => void
    /** Whole seconds. */
    duration?: number
    /** Of requests, instead. */
    amount?: number
  }): Running
}
