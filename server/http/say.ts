import type { FastifyReply, FastifyRequest } from 'fastify'
import { etagOf, notModified } from './etag.ts'
import { CONTENT_TYPES, formatOf } from './format.ts'
import { type Json, sayJson, sendJson } from './json.ts'
import { railsXml } from './rails-xml.ts'

/**
 * Answers in the format that was asked for, or with 304.
 * @param root how the outermost element of the XML is called: `inbox` for one, `inboxes` for a list, with underscores
 * @param floats keys whose numbers are floats in XML even when they are whole
 */
export function say(
  request: FastifyRequest,
  reply: FastifyReply,
  value: object,
  root: string,
  floats: readonly string[] = [],
): FastifyReply {
  if (formatOf(request) === 'json') return sayJson(request, reply, value)
  return sendXml(request, reply, railsXml(value, root, floats))
}

/**
 * The same with JSON that is finished already.
 * @param value what it says, where reading the JSON again would not tell
 */
export function sayFinished(
  request: FastifyRequest,
  reply: FastifyReply,
  json: Json,
  root: string,
  value?: () => object,
): FastifyReply {
  if (formatOf(request) === 'json') return sendJson(request, reply, json)
  return sendXml(request, reply, railsXml(value?.() ?? JSON.parse(json.bytes.toString()), root))
}

function sendXml(request: FastifyRequest, reply: FastifyReply, xml: string): FastifyReply {
  if (notModified(request, reply, etagOf(xml))) return reply
  return reply.header('content-type', CONTENT_TYPES.xml).send(xml)
}
