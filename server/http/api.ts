import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Problem } from '../problem.ts'
import type { Cors } from './cors.ts'
import type { Format } from './path.ts'
import type { Limit } from './rate-limit.ts'

/** What an API says to a refusal. */
export interface Refusal {
  status: number
  contentType: string
  body: string
  headers?: Record<string, string>
}

/** Who a request comes from, as far as this folder cares. */
export interface Identity {
  /** What the rate limit counts by; undefined: outside all limits (browser sessions). */
  limitKey: string | undefined
}

/**
 * A family of paths that share their manners: how errors look, who may call, how often. Several APIs may live
 * under one prefix; the path decides which of them answers, also where no route is.
 */
export interface Api {
  /** In metrics and logs. */
  name: string
  /** Of the routes, as `/api/v1`. */
  prefix: string
  /** Whether a path (no query, slashes collapsed, with the prefix) is spoken to in this way. */
  owns(path: string): boolean
  say(problem: Problem, request: FastifyRequest): Refusal
  /**
   * Who is asking. Called before the body is read (`body` undefined) and, if nobody was found then and the
   * request has one, again with it. Should answer without a promise where it can: this is the hot path.
   * @returns undefined if the request carries no credentials at all
   * @throws Problem `unauthenticated` for wrong ones, `forbidden`
   */
  identify(request: FastifyRequest, body: unknown): Identity | undefined | Promise<Identity | undefined>
  /**
   * Requests per window and key; absent or count 0 = off, and no headers then. APIs that are given the very same
   * object count together.
   */
  limit?: Limit
  /** A 429 also says in `X-RateLimit-Reset` when the window ends, as Unix time in seconds. */
  saysReset?: boolean
  /** Which pages of others may call; absent: none. */
  cors?: Cors
  /** On every reply, errors too. */
  headers: Record<string, string>
  /** `.json` at the end of a path chooses one of these, and so does Accept (406 if none fits); absent: neither counts. */
  negotiates?: readonly Format[]
  /** A body that cannot be read, or is of a kind that is not, is as good as none. Absent: it is `malformed`. */
  forgivesBodies?: boolean
}

/** Adds the routes of one subject to the API's plugin; paths are relative to the API's prefix. */
export type Routes = (app: FastifyInstance) => void

declare module 'fastify' {
  interface FastifyContextConfig {
    /** No credentials asked, no rate limit: signed URLs, login. */
    open?: boolean
    /** The suffix and Accept do not choose a format here (`body.raw`, downloads). */
    anyFormat?: boolean
    /** What the route's API has for a choice; set when it is mounted. */
    formats?: readonly Format[]
  }
  interface FastifyRequest {
    /** Set once the API's `identify` found somebody; null on open routes. */
    identity: Identity | null
  }
}
