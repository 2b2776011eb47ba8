import { existsSync } from 'node:fs'
import { isIP } from 'node:net'
import { resolve } from 'node:path'

/** Readers of setting values. Each throws an Error whose message completes "<name of the setting> …". */

export interface Rate {
  count: number
  seconds: number
}

export function port(text: string): number {
  if (!/^\d+$/.test(text) || Number(text) < 1 || Number(text) > 65535)
    throw new Error(`must be a port from 1 to 65535, not "${text}"`)
  return Number(text)
}

export function list(text: string): string[] {
  return text
    .split(',')
    .map(item => item.trim())
    .filter(item => item !== '')
}

export function whole(text: string, least: number): number {
  if (!/^\d+$/.test(text) || Number(text) < least || !Number.isSafeInteger(Number(text)))
    throw new Error(`must be a whole number of at least ${least}, not "${text}"`)
  return Number(text)
}

/** In lower case. */
export function domain(text: string): string {
  if (!/^[a-z0-9.-]+$/i.test(text)) throw new Error(`must be a domain name, not "${text}"`)
  return text.toLowerCase()
}

/** As the resolver of Node takes it. */
export function nameServer(text: string): string {
  const [, bracketed, plain, number] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(text) ?? []
  if (!isIP(bracketed ?? plain ?? text)) throw new Error(`must be IP addresses, not "${text}"`)
  if (number !== undefined) port(number)
  return text
}

/** `allow`, `deny`, or those that may be asked: host names, addresses, networks as `10.0.0.0/8`. */
export function privateTargets(text: string): 'allow' | 'deny' | string[] {
  if (text === 'allow' || text === 'deny') return text
  const targets = list(text).map(target => target.toLowerCase())
  for (const target of targets) {
    const [address = '', bits, ...more] = target.split('/')
    const version = isIP(address)
    const isNetwork =
      bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
    const isHost = bits === undefined && /^[a-z0-9_](?:[a-z0-9._-]*[a-z0-9])?$/.test(target)
    if (more.length > 0 || !(version === 0 ? isHost : isNetwork))
      throw new Error(`must be allow, deny or a list of hosts and networks, not "${target}"`)
  }
  return targets
}

/** `host:port`; an IPv6 address in brackets. */
export function hostAndPort(text: string): { host: string; port: number } {
  const [, bracketed, plain, number = ''] = /^(?:\[([^\]]+)\]|([^:\s]+)):(\d+)$/.exec(text) ?? []
  const host = bracketed ?? plain
  if (host === undefined) throw new Error(`must be host:port, not "${text}"`)
  return { host, port: port(number) }
}

/** `NAME=zone`, or the zone alone. */
export function dnsList(text: string): { name: string; zone: string } {
  const [, name, zone = ''] = /^(?:([^=]+)=)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)$/i.exec(text) ?? []
  if (zone === '') throw new Error(`must be NAME=zone, as SPAMCOP=bl.spamcop.net, not "${text}"`)
  return { name: name?.trim() ?? zone, zone: zone.toLowerCase() }
}

export function rate(text: string): Rate | undefined {
  if (text === '0' || text === 'off') return undefined
  const [, count, seconds] = /^(\d+)\/(\d+)$/.exec(text) ?? []
  if (!Number(count) || !Number(seconds))
    throw new Error(`must be count/seconds as 150/10, or 0, not "${text}"`)
  return { count: Number(count), seconds: Number(seconds) }
}

export interface Throttle extends Rate {
  /** The count for whoever has no token that counts; absent: the same. */
  unknown?: number
}

/**
 * As Laravel's middleware is configured: requests, then the minutes they are counted in, which are 1 if they are
 * not given and need not be whole; `10|60` counts strangers apart.
 */
export function throttle(text: string): Throttle | undefined {
  if (text === '0' || text === 'off') return undefined
  const [, guests, requests, minutes = '1'] =
    /^(?:(\d+)\s*\|\s*)?(\d+)(?:\s*,\s*(\d+(?:\.\d+)?|\.\d+))?$/.exec(text) ?? []
  const count = Number(requests)
  const seconds = Number(minutes) * 60
  const unknown = guests === undefined ? count : Number(guests)
  if (!(count >= 1 && seconds > 0 && unknown >= 1))
    throw new Error(`must be requests,minutes as 60,1, or 0, not "${text}"`)
  return { count, seconds, ...(guests !== undefined && { unknown }) }
}

export function token(text: string | undefined): string {
  if (text !== undefined && !/^[\w-]{16,128}$/.test(text))
    throw new Error('must have 16 to 128 characters of letters, digits, "_" and "-"')
  return text ?? ''
}

export function oneOf<T extends string>(text: string, allowed: readonly T[]): T {
  const found = allowed.find(value => value === text)
  if (found === undefined) throw new Error(`must be ${allowed.join(' or ')}, not "${text}"`)
  return found
}

/** As we write it, or as the `.env` of a Laravel application does. */
export function switchedOn(text: string): boolean {
  return ['on', 'true', '1'].includes(oneOf(text.toLowerCase(), ['on', 'off', 'true', 'false', '1', '0']))
}

export function readableFile(text: string | undefined): string {
  if (text === undefined) return ''
  if (!existsSync(text)) throw new Error(`names a file that is not there: ${text}`)
  return resolve(text)
}
