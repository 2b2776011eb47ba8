import { randomUUID } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { answerText, type OutgoingMail, type WayOut } from './way-out.ts'

/**
 * Into files, for people to look at: `outbox/{service}/{day}/{recipient}-{key}.eml` in the data directory. A mail is
 * there whole or not at all.
 */
export function fileWayOut(serviceId: number, dataDir: string): WayOut {
  return {
    takes: 'bytes',
    capacity: 4,
    async send(mail, gate) {
      const folder = join(dataDir, 'outbox', String(serviceId), new Date().toISOString().slice(0, 10))
      const temporary = join(folder, `.${randomUUID()}.part`)
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 })
        await write(temporary, mail.bytes)
        if (!(await gate())) {
          await rm(temporary, { force: true })
          return { is: 'stopped' }
        }
        const name = nameOf(mail)
        await rename(temporary, join(folder, name))
        return { is: 'sent', answer: { code: 250, enhanced: null, text: name }, providerId: null }
      } catch (error) {
        await rm(temporary, { force: true }).catch(() => {})
        const answer = { code: 0, enhanced: null, text: answerText((error as Error).message) }
        return { is: 'deferred', scope: 'service', answer }
      }
    },
    close() {},
  }
}

async function write(path: string, bytes: Buffer): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
  } finally {
    await file.close()
  }
}

/** Of what others have chosen only harmless characters, and never a dot in front. */
function nameOf({ forwardPath, idempotencyKey }: OutgoingMail): string {
  return `${harmless(forwardPath)}-${harmless(idempotencyKey)}.eml`
}

function harmless(text: string): string {
  return text.replaceAll(/^\.+|[^\w@+.-]+/g, '_').slice(0, 80)
}
