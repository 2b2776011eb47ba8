import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Problem } from '../problem.ts'
import { withinBounds } from './json-bounds.ts'
import { isReadable, readXml } from './xml.ts'

type Nested = { [key: string]: Value } | Value[]
type Value = string | Nested

const MAX_XML_SIZE = 1 << 20
const MAX_FIELDS = 10_000
const MAX_DEPTH = 8

/**
 * JSON, XML and forms end up as the same objects. An empty body is none, whatever its Content-Type says: many
 * clients announce JSON on every PATCH and DELETE. What a body would cost to read is bounded by more than its
 * size: depth and number of what is in it.
 * @param maxBodySize bytes
 */
export function readBodies(app: FastifyInstance, maxBodySize: number): void {
  app.removeAllContentTypeParsers()
  // Keys named __proto__ or constructor are dropped: unknown keys are ignored everywhere.
  const parseJson = app.getDefaultJsonParser('remove', 'remove')
  for (const type of ['application/json', /^application\/[\w.-]+\+json/])
    app.addContentTypeParser(type, { parseAs: 'string' }, (request, text, done) => {
      if (text.length === 0) done(null, undefined)
      else if (!withinBounds(text as string))
        done(new Problem('malformed', 'The body is nested too deeply, or holds too many objects'))
      else
        parseJson(request, text as string, (error, body) => {
          // The parser's own message quotes the body.
          if (error) done(new Problem('malformed', 'The body is not valid JSON'))
          else done(null, body)
        })
    })
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, text, done) => {
      try {
        done(null, text.length === 0 ? undefined : fromBrackets(urlEncoded(text as string)))
      } catch (error) {
        done(error as Error)
      }
    },
  )
  app.addContentTypeParser(
    /^multipart\/form-data/,
    { parseAs: 'buffer' },
    async (request: FastifyRequest, bytes: Buffer) => {
      if (bytes.length === 0) return undefined
      return fromBrackets(textFields(await readMultipart(bytes, request.headers['content-type'] ?? '')))
    },
  )
  app.addContentTypeParser(
    ['application/xml', 'text/xml'],
    { parseAs: 'buffer', bodyLimit: Math.min(MAX_XML_SIZE, maxBodySize) },
    (request, bytes, done) => {
      const [, charset = 'utf-8'] =
        /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(request.headers['content-type'] ?? '') ?? []
      try {
        if (bytes.length === 0) done(null, undefined)
        else if (!isReadable(charset)) done(new Problem('malformed', 'XML is read in UTF-8 only'))
        else done(null, readXml(bytes as Buffer))
      } catch (error) {
        done(error as Error)
      }
    },
  )
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, bytes, done) => {
    if (bytes.length === 0) done(null, undefined)
    else done(new Problem('malformed', 'The body has a Content-Type that is not understood'))
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

/**
 * `inbox[name]=x`, `ids[]=1` and `a[b][c]=y`, as Rails and PHP read them.
 * @throws Problem `malformed`: too deep, or a key that is both a value and an object
 */
function fromBrackets(fields: Iterable<[string, string]>): Record<string, Value> {
  const root: Record<string, Value> = Object.create(null)
  for (const [name, value] of fields) place(root, stepsOf(name), value)
  return root
}

function stepsOf(name: string): string[] {
  const bracket = name.indexOf('[')
  if (bracket <= 0 || !name.endsWith(']')) return [name]
  const steps = [name.slice(0, bracket), ...name.slice(bracket + 1, -1).split('][', MAX_DEPTH)]
  if (steps.length > MAX_DEPTH) throw new Problem('malformed', 'The form is nested too deeply')
  return steps
}

function place(root: Record<string, Value>, steps: string[], value: string): void {
  let at: Nested = root
  for (const [i, step] of steps.entries()) {
    const next = steps[i + 1]
    const found: Value | undefined = Array.isArray(at) ? undefined : at[step]
    const child: Value = next === undefined ? value : (found ?? (next === '' ? [] : Object.create(null)))
    if (Array.isArray(at) !== (step === '' && i > 0) || (typeof child === 'string') !== (next === undefined))
      throw new Problem('malformed', 'The form uses one key in two ways')
    if (Array.isArray(at)) at.push(child)
    else at[step] = child
    if (typeof child !== 'string') at = child
  }
}
