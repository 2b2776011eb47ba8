import { createPublicKey, type KeyObject } from 'node:crypto'

/** @param text base64 of its DER, as providers show it, or PEM. @returns undefined: it is none */
export function publicKeyOf(text: string): KeyObject | undefined {
  const base64 = text.replaceAll(/-----[A-Z ]+-----|\s/g, '')
  try {
    return createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' })
  } catch {
    return undefined
  }
}
