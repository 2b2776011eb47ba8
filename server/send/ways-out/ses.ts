import { RefusedTarget } from '../../guard.ts'
import { awsSignature } from './aws-signature.ts'
import type { SettingValues } from './email-service-types.ts'
import { at, jsonIn, textAt } from './outside-json.ts'
import {
  type Judgement,
  type ProviderTools,
  type ProviderReply,
  providerWayOut,
  setting,
} from './provider.ts'
import type { WayOut } from './way-out.ts'

const QUOTA_TIMEOUT_MS = 10_000
/** "Maximum sending rate exceeded": SES counts by the second. */
const RATE_RETRY_MS = 1_000
/** "Daily message quota exceeded": the quota is of the last 24 hours, and frees itself little by little. */
const QUOTA_RETRY_MS = 15 * 60_000

/** What the account may send. */
export interface SesQuota {
  /** In 24 hours; -1: without limit. */
  max24h: number
  sent24h: number
  perSecond: number
}

/** Amazon SES by its API v2, `SendEmail` with the raw message. */
export function sesWayOut(settings: SettingValues, tools: ProviderTools): WayOut {
  const configurationSet = setting(settings, 'configuration_set_name')
  return providerWayOut(
    {
      takes: 'bytes',
      request({ forwardPath, bytes }) {
        const body = JSON.stringify({
          Content: { Raw: { Data: bytes.toString('base64') } },
          Destination: { ToAddresses: [forwardPath] },
          ...(configurationSet !== '' && { ConfigurationSetName: configurationSet }),
        })
        return { ...signed(settings, tools, 'POST', '/v2/email/outbound-emails', body), body }
      },
      idIn: ({ body }) => textAt(body, 'MessageId') ?? null,
      said,
      judge,
    },
    tools,
  )
}

/** @throws Error in words for people: SES cannot be asked, or refuses to say */
export async function sesQuota(settings: SettingValues, tools: ProviderTools): Promise<SesQuota> {
  const { url, headers } = signed(settings, tools, 'GET', '/v2/email/account', '')
  const { status, body } = await tools.guard.fetch(url, {
    headers,
    timeoutMs: QUOTA_TIMEOUT_MS * (tools.timeoutScale ?? 1),
    maxBytes: 65_536,
  })
  const account = jsonIn(body.toString())
  const [max24h, sent24h, perSecond] = ['Max24HourSend', 'SentLast24Hours', 'MaxSendRate'].map(name =>
    Number(at(account, 'SendQuota', name) ?? Number.NaN),
  ) as [number, number, number]
  if (status !== 200 || Number.isNaN(max24h) || Number.isNaN(sent24h))
    throw new Error(`SES does not tell its quota: ${status} ${said(account) ?? ''}`.trim())
  return { max24h, sent24h, perSecond: Number.isNaN(perSecond) ? -1 : perSecond }
}

function signed(settings: SettingValues, tools: ProviderTools, method: string, path: string, body: string) {
  const region = setting(settings, 'region').trim().toLowerCase()
  // It becomes part of the host's name, and whoever may type it could aim with it.
  if (!/^[a-z]{2}(-[a-z]+){1,3}-\d{1,2}$/.test(region)) throw new RefusedTarget(`AWS has no region ${region}`)
  const zone = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'
  const url = new URL(path, tools.baseUrl ?? `https://email.${region}.${zone}`)
  const headers = awsSignature(
    { method, url, body, headers: body === '' ? {} : { 'content-type': 'application/json' } },
    { key: setting(settings, 'key'), secret: setting(settings, 'secret'), region, service: 'ses' },
  )
  return { url: url.href, headers }
}

function said(body: unknown): string | undefined {
  return textAt(body, 'message') ?? textAt(body, 'Message')
}

/** Errors that say something about the account, whichever mail met them. */
const OF_ACCOUNT =
  /^(AccountSuspended|SendingPaused|LimitExceeded|MailFromDomainNotVerified|NotFound|TooManyRequests|Throttling|UnrecognizedClient|InvalidClientTokenId|SignatureDoesNotMatch|ExpiredToken|IncompleteSignature)/

function judge(reply: ProviderReply): Judgement | undefined {
  if (reply.status < 400 || reply.status >= 500) return undefined
  const text = said(reply.body) ?? ''
  if (/quota exceeded/i.test(text)) return { is: 'service', retryAfterMs: QUOTA_RETRY_MS }
  if (/rate exceeded/i.test(text) || reply.status === 429)
    return { is: 'service', retryAfterMs: RATE_RETRY_MS }
  const type = reply.header('x-amzn-errortype') ?? textAt(reply.body, '__type') ?? ''
  return OF_ACCOUNT.test(type) ? { is: 'service' } : undefined
}
