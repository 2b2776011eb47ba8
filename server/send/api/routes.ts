import type { FastifyInstance } from 'fastify'
import type { Routes } from '../../http/api.ts'
import type { AudienceDoor } from './audience-door.ts'
import { formsRoutes } from './forms.ts'
import { segmentRoutes } from './segments.ts'

type Adds = (app: FastifyInstance, door: AudienceDoor) => void

/** Relative to `/api/posthorn`: what the web app needs, and programs that want more than the dialect has. */
const OWN: Adds[] = [formsRoutes, segmentRoutes]

export function audienceRoutes(door: AudienceDoor): Routes {
  return app => {
    for (const add of OWN) add(app, door)
  }
}
