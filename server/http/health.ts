import type { FastifyInstance } from 'fastify'

/** What is wrong, in words for the operator; undefined: nothing. */
export type Check = () => string | undefined | Promise<string | undefined>

const PATIENCE_MS = 3_000

/**
 * `/health/live`: the process answers. `/health/ready`: everything it needs answers too, else 503 and what is
 * wrong. Neither asks for credentials, so checks must name no secrets.
 */
export function health(app: FastifyInstance, checks: Record<string, Check>): void {
  app.get('/health/live', (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'ok' }),
  )
  app.get('/health/ready', async (_request, reply) => {
    const found = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, (await ask(check)) ?? 'ok'] as const),
    )
    const well = found.every(([, said]) => said === 'ok')
    return reply
      .code(well ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status: well ? 'ok' : 'unwell', checks: Object.fromEntries(found) })
  })
}

async function ask(check: Check): Promise<string | undefined> {
  const patience = Promise.withResolvers<string>()
  const timer = setTimeout(() => patience.resolve('no answer within 3 s'), PATIENCE_MS)
  try {
    return await Promise.race([check(), patience.promise])
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    clearTimeout(timer)
  }
}
