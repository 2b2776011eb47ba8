import type { FastifyRequest } from 'fastify'
import { pathOf } from '../../../http/path.ts'
import { queryOf } from './input.ts'

const PER_PAGE = 25
const MAX_PER_PAGE = 1000

export interface Page {
  /** The first is 1. */
  number: number
  limit: number
  offset: number
}

/** What is no page is the first one; `per_page` is cut to what is allowed (contract, section 1.6). */
export function pageOf(request: FastifyRequest): Page {
  const { page, per_page } = queryOf(request.query)
  const number = wholeIn(page)
  const limit = Math.min(Math.max(wholeIn(per_page) ?? PER_PAGE, 1), MAX_PER_PAGE)
  const valid = number !== undefined && number >= 1 && number <= Number.MAX_SAFE_INTEGER / MAX_PER_PAGE
  return valid ? { number, limit, offset: (number - 1) * limit } : { number: 1, limit, offset: 0 }
}

export function asksForPage(request: FastifyRequest): boolean {
  const query = queryOf(request.query)
  return 'page' in query || 'per_page' in query
}

function wholeIn(value: unknown): number | undefined {
  return typeof value === 'string' && /^[+-]?\d{1,16}$/.test(value) ? Number(value) : undefined
}

/** The envelope of a list (contract, section 1.6). */
export function paginated(request: FastifyRequest, page: Page, total: number, data: object[]): object {
  const path = addressOf(request)
  const last = Math.max(1, Math.ceil(total / page.limit))
  const at = (number: number) => `${path}?page=${number}`
  const isEmpty = data.length === 0
  return {
    data,
    links: {
      first: at(1),
      last: at(last),
      prev: page.number > 1 ? at(page.number - 1) : null,
      next: page.number < last ? at(page.number + 1) : null,
    },
    meta: {
      current_page: page.number,
      from: isEmpty ? null : page.offset + 1,
      last_page: last,
      path,
      per_page: page.limit,
      to: isEmpty ? null : page.offset + data.length,
      total,
    },
  }
}

/** Without its query, as whoever asks wrote it; behind a trusted proxy as they wrote it to the proxy. */
function addressOf(request: FastifyRequest): string {
  const path = pathOf(request.url).replace(/(?<=.)\/$/, '')
  return `${request.protocol}://${request.host || 'localhost'}${path}`
}
