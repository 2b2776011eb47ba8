import autocannon from 'autocannon'
import { ADMIN_API_TOKEN } from '../../test/posthorn.ts'
import { quantile } from './statistics.ts'

export interface HttpLoad {
  rate: number
  /** Milliseconds. */
  p50: number
  p99: number
}

/**
 * Asks for the paths over so many connections, each of which takes its share of them, again and again.
 * @throws Error if anything but success is answered
 */
export async function httpLoad(
  url: string,
  { paths, connections, seconds }: { paths: readonly string[]; connections: number; seconds: number },
): Promise<HttpLoad> {
  // By itself each connection would begin with the same path: nine of ten answers out of a cache.
  const share = (connection: number) =>
    paths
      .filter((_, at) => at % connections === Math.min(connection, paths.length - 1))
      .map(path => ({ path }))
  let connected = 0
  const begun = performance.now()
  const running = autocannon({
    url,
    connections,
    // Its clock knows whole seconds only.
    ...(seconds < 1 ? { amount: 50 } : { duration: seconds }),
    headers: { 'api-token': ADMIN_API_TOKEN },
    setupClient: client => client.setRequests(share(connected++)),
  })
  const took: number[] = []
  running.on('response', (_client, _status, _bytes, milliseconds) => took.push(milliseconds))
  const { non2xx, errors } = await running
  const elapsed = (performance.now() - begun) / 1000
  if (non2xx > 0 || errors > 0) throw new Error(`${non2xx} refusals and ${errors} errors from ${url}`)
  return { rate: took.length / elapsed, p50: quantile(took, 0.5), p99: quantile(took, 0.99) }
}
