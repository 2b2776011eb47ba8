import type { FastifyInstance } from 'fastify'
import { idFrom } from '../../http/ids.ts'
import { membershipsOf } from '../workspaces.ts'
import { userById } from '../users.ts'
import type { AccountsDoor } from './accounts-door.ts'

const HUES = 12

/**
 * Pictures of people, drawn here, so that no browser asks a third party for them. Anybody gets a coloured
 * circle; the initials are for those who share a workspace.
 */
export function avatarRoutes(app: FastifyInstance, { storage, callers }: AccountsDoor): void {
  app.get('/avatars/:id', async (request, reply) => {
    const id = idFrom((request.params as { id: string }).id)
    const asked = Number((request.query as { s?: unknown }).s)
    const size = asked >= 1 && asked <= 1000 ? Math.round(asked) : 80
    const viewer = await callers.session(request)
    const initials = viewer === undefined ? '' : await initialsOf(id, viewer.caller.workspaceId)
    return reply
      .header('content-type', 'image/svg+xml')
      .header('cache-control', 'private, max-age=3600')
      .header('vary', 'Cookie')
      .header('content-security-policy', `default-src 'none'`)
      .header('x-content-type-options', 'nosniff')
      .send(draw(id, initials, size))
  })

  async function initialsOf(id: number, workspaceId: number): Promise<string> {
    const memberships = await membershipsOf(storage.read, id)
    if (!memberships.some(membership => membership.workspaceId === workspaceId)) return ''
    const words = ((await userById(storage.read, id))?.name ?? '').split(/\s+/)
    const letters = words.map(word => /[\p{L}\p{N}]/u.exec(word)?.[0] ?? '').filter(letter => letter !== '')
    return [letters[0], letters.length > 1 ? letters.at(-1) : ''].join('').toUpperCase()
  }
}

function draw(id: number, initials: string, size: number): string {
  const hue = ((id * 7) % HUES) * (360 / HUES)
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 100 100">` +
    `<circle cx="50" cy="50" r="50" fill="hsl(${hue} 45% 42%)"/>` +
    `<text x="50" y="50" dy=".35em" text-anchor="middle" font-family="sans-serif" font-size="42" fill="#fff">` +
    `${initials}</text></svg>`
  )
}
