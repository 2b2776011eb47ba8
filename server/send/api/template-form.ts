import type { FastifyRequest } from 'fastify'
import { Problem } from '../../problem.ts'
import type { Compiler, Written } from '../templates/compiler.ts'
import { MAX_SOURCE, TEMPLATE_KINDS, TEMPLATE_LANGUAGES } from '../templates/templates.ts'
import { bodyOf, refuse } from './asked.ts'

const MAX_NAME = 255

/** @throws Problem `invalid` */
export function nameIn(request: FastifyRequest): string {
  const { name } = bodyOf(request)
  const given = typeof name === 'string' ? name.trim() : ''
  if (given === '') refuse('name', 'is required')
  if (given.length > MAX_NAME) refuse('name', `must not be longer than ${MAX_NAME} characters`)
  return given
}

/**
 * @param before what it was, for what is not said
 * @throws Problem `invalid`
 */
export function writtenIn(request: FastifyRequest, before?: Written): Written {
  const body = bodyOf(request)
  return {
    kind: oneOf('kind', TEMPLATE_KINDS, body.kind ?? before?.kind),
    language: oneOf('language', TEMPLATE_LANGUAGES, body.language ?? before?.language),
    source: sourceOf(body.source ?? before?.source),
  }
}

/** @throws Problem `invalid`: nothing can be made of the source; each message says on which line */
export async function compiled(compiler: Compiler, written: Written): Promise<Written & { content: string }> {
  const { content, faults } = await compiler.compile(written)
  if (content === '' && faults.length > 0)
    throw new Problem('invalid', '', {
      fields: {
        source: faults.map(({ line, message }) => (line === null ? message : `Line ${line}: ${message}`)),
      },
    })
  return { ...written, content }
}

function sourceOf(given: unknown): string {
  if (typeof given !== 'string') return refuse('source', 'is required')
  if (given.length > MAX_SOURCE) refuse('source', `must not be longer than ${MAX_SOURCE} characters`)
  return given
}

function oneOf<T extends string>(field: string, allowed: readonly T[], given: unknown): T {
  return allowed.find(value => value === given) ?? refuse(field, `must be ${allowed.join(', ')}`)
}
