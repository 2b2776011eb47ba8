import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Problem } from '../problem.ts'
import { fromBrackets } from './brackets.ts'
import { withinBounds } from './json-bounds.ts'
import { isReadable, readXml } from './xml.ts'

const MAX_XML_SIZE = 1 << 20
const MAX_FIELDS = 10_000

interface BodyManners {
  /** Bytes. */
  maxBodySize: number
  /** Whether a body that cannot be read is as good as none to whom this request is for. */
  forgives(request: FastifyRequest): boolean
}

type Done = (error: Error | null, body?: unknown) => void

/**
 * JSON, XML and forms end up as the same objects. An empty body is none, whatever its Content-Type says: many
 * clients announce JSON on every PATCH and DELETE. What a body would cost to read is bounded by more than its
 * size: depth and number of what is in it.
 */
export function readBodies(app: FastifyInstance, { maxBodySize, forgives }: BodyManners): void {
  app.removeAllContentTypeParsers()
  // Keys named __proto__ or constructor are dropped: unknown keys are ignored everywhere.
  const parseJson = app.getDefaultJsonParser('remove', 'remove')
  const refuse = (request: FastifyRequest, done: Done, error: Error) =>
    forgives(request) ? done(null, undefined) : done(error)
  for (const type of ['application/json', /^application\/[\w.-]+\+json/])
    app.addContentTypeParser(type, { parseAs: 'string' }, (request, text, done) => {
      if (text.length === 0) done(null, undefined)
      else if (!withinBounds(text as string))
        refuse(
          request,
          done,
          new Problem('malformed', 'The body is nested too deeply, or holds too many objects'),
        )
      else
        parseJson(request, text as string, (error, body) => {
          // The parser's own message quotes the body.
          if (error) refuse(request, done, new Problem('malformed', 'The body is not valid JSON'))
          else done(null, body)
        })
    })
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (request, text, done) => {
      try {
        done(null, text.length === 0 ? undefined : fromBrackets(urlEncoded(text as string)))
      } catch (error) {
        refuse(request, done, error as Error)
      }
    },
  )
  app.addContentTypeParser(
    /^multipart\/form-data/,
    { parseAs: 'buffer' },
    async (request: FastifyRequest, bytes: Buffer) => {
      if (bytes.length === 0) return undefined
      try {
        return fromBrackets(textFields(await readMultipart(bytes, request.headers['content-type'] ?? '')))
      } catch (error) {
        if (forgives(request)) return undefined
        throw error
      }
    },
  )
  app.addContentTypeParser(
    ['application/xml', 'text/xml'],
    { parseAs: 'buffer', bodyLimit: Math.min(MAX_XML_SIZE, maxBodySize) },
    (request, bytes, done) => {
      const [, charset = 'utf-8'] =
        /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(request.headers['content-type'] ?? '') ?? []
      try {
        // Who forgives knows nothing of XML: there it is no kind of body that is read.
        if (bytes.length === 0 || forgives(request)) done(null, undefined)
        else if (!isReadable(charset)) done(new Problem('malformed', 'XML is read in UTF-8 only'))
        else done(null, readXml(bytes as Buffer))
      } catch (error) {
        done(error as Error)
      }
    },
  )
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (request, bytes, done) => {
    if (bytes.length === 0) done(null, undefined)
    else refuse(request, done, new Problem('malformed', 'The body has a Content-Type that is not understood'))
  })
}

function urlEncoded(text: string): URLSearchParams {
  if (occursTooOften(text, '&')) throw tooManyFields()
  return new URLSearchParams(text)
}

async function readMultipart(bytes: Buffer, contentType: string): Promise<FormData> {
  const [, quoted, plain] = /;\s*boundary\s*=\s*(?:"([^"]+)"|([^\s;"]+))/i.exec(contentType) ?? []
  if (occursTooOften(bytes, `--${quoted ?? plain ?? ''}`)) throw tooManyFields()
  try {
    return await new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } }).formData()
  } catch (error) {
    throw new Problem('malformed', 'The body is not valid multipart/form-data', { cause: error })
  }
}

/** Asked before the fields are taken apart, which costs fifty times their size. */
function occursTooOften(body: string | Buffer, separator: string): boolean {
  let count = 0
  for (let at = body.indexOf(separator); at >= 0; at = body.indexOf(separator, at + separator.length))
    if (++count > MAX_FIELDS) return true
  return false
}

function tooManyFields(): Problem {
  return new Problem('malformed', 'The form has too many fields')
}

function* textFields(form: FormData): Iterable<[string, string]> {
  for (const [name, value] of form) if (typeof value === 'string') yield [name, value]
}
