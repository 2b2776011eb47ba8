import { type Guard, RefusedTarget } from '../../guard.ts'

/** Checks by others that whoever signs up is a person. */
export type CaptchaKind = 'hcaptcha' | 'turnstile' | 'recaptcha'

interface Provider {
  /** Where the answer of its widget is judged. */
  verify: string
  /** The form field in which the widget puts it. */
  field: string
  /** The script of the widget, and the class of the element that it looks for. */
  script: string
  element: string
  /** Content-Security-Policy: what the widget loads. */
  sources: { script: string; frame: string; style: string; connect: string }
}

export const CAPTCHAS: Record<CaptchaKind, Provider> = {
  hcaptcha: {
    verify: 'https://api.hcaptcha.com/siteverify',
    field: 'h-captcha-response',
    script: 'https://js.hcaptcha.com/1/api.js',
    element: 'h-captcha',
    sources: {
      script: 'https://hcaptcha.com https://*.hcaptcha.com',
      frame: 'https://hcaptcha.com https://*.hcaptcha.com',
      style: 'https://hcaptcha.com https://*.hcaptcha.com',
      connect: 'https://hcaptcha.com https://*.hcaptcha.com',
    },
  },
  turnstile: {
    verify: 'https://challenges.cloudflare.com/turnstile/v0/siteverify',
    field: 'cf-turnstile-response',
    script: 'https://challenges.cloudflare.com/turnstile/v0/api.js',
    element: 'cf-turnstile',
    sources: {
      script: 'https://challenges.cloudflare.com',
      frame: 'https://challenges.cloudflare.com',
      style: '',
      connect: '',
    },
  },
  recaptcha: {
    verify: 'https://www.google.com/recaptcha/api/siteverify',
    field: 'g-recaptcha-response',
    script: 'https://www.google.com/recaptcha/api.js',
    element: 'g-recaptcha',
    sources: {
      script: 'https://www.google.com/recaptcha/ https://www.gstatic.com/recaptcha/',
      frame: 'https://www.google.com/recaptcha/ https://recaptcha.google.com/recaptcha/',
      style: '',
      connect: '',
    },
  },
}

const TIMEOUT_MS = 8_000
const MAX_REPLY = 20_000
/** Those of all three are shorter. */
const MAX_ANSWER = 8_000

/** @returns whether it is a person; `unknown`: the provider could not be asked, with what the log is to say */
export type Judge = (
  captcha: { kind: CaptchaKind; secret: string },
  answer: string,
  address: string,
) => Promise<{ verdict: 'person' | 'nobody' | 'unknown'; reason?: string }>

/** @param verifyAt where to ask instead, for tests */
export function createJudge(guard: Guard, verifyAt: Partial<Record<CaptchaKind, string>> = {}): Judge {
  return async ({ kind, secret }, answer, address) => {
    if (answer === '' || answer.length > MAX_ANSWER) return { verdict: 'nobody' }
    try {
      const { status, body } = await guard.fetch(verifyAt[kind] ?? CAPTCHAS[kind].verify, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
        body: new URLSearchParams({ secret, response: answer, remoteip: address }).toString(),
        timeoutMs: TIMEOUT_MS,
        maxBytes: MAX_REPLY,
      })
      if (status !== 200) return { verdict: 'unknown', reason: `${kind} answered ${status}` }
      const said = JSON.parse(body.toString()) as { success?: unknown; 'error-codes'?: unknown }
      if (said.success === true) return { verdict: 'person' }
      // Our own secret is wrong: nobody gets through, and only the log can say why.
      const codes = Array.isArray(said['error-codes']) ? said['error-codes'].map(String) : []
      return codes.some(code => code.endsWith('-input-secret'))
        ? { verdict: 'unknown', reason: `${kind}: ${codes.join(', ')}` }
        : { verdict: 'nobody' }
    } catch (error) {
      const reason = error instanceof RefusedTarget ? error.message : `${kind}: ${(error as Error).message}`
      return { verdict: 'unknown', reason }
    }
  }
}
