import type { FastifyReply, FastifyRequest } from 'fastify'
import { etagOf, notModified } from './etag.ts'

/** Finished JSON, and the mark by which a client may know it already. */
export interface Json {
  bytes: Buffer
  etag: string
}

export function jsonOf(text: string): Json {
  const bytes = Buffer.from(text)
  return { bytes, etag: etagOf(bytes) }
}

/** Answers with it, or with 304. */
export function sendJson(request: FastifyRequest, reply: FastifyReply, { bytes, etag }: Json): FastifyReply {
  if (notModified(request, reply, etag)) return reply
  return reply.header('content-type', 'application/json; charset=utf-8').send(bytes)
}

export function sayJson(request: FastifyRequest, reply: FastifyReply, value: unknown): FastifyReply {
  return sendJson(request, reply, jsonOf(JSON.stringify(value)))
}
