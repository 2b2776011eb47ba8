// What the calls about sign-up forms answer.

export interface FormWire {
  id: number
  /** In its address; cannot be guessed from another. */
  public_id: string
  name: string
  /** Of its own page. */
  url: string
  settings: FormSettings
  counts: { shown: number; signed_up: number; confirmed: number }
  /** `html` works by itself; `script` is the same with a script that shows the answer in place. */
  embed: { html: string; script: string }
  created_at: string
  updated_at: string
}

/** As it comes back, and as it is sent. */
export interface FormSettings {
  title: string
  text: string
  /** Empty: the usual word in the language of the page. Likewise `thanks`. */
  button: string
  /** Besides the address. */
  ask: AskedField[]
  /** Added to whoever signs up. */
  tag_ids: number[]
  double_opt_in: boolean
  /** Text of a box that must be ticked; null: there is none. */
  consent: string | null
  thanks: string
  /** Where the browser goes in the place of a page of thanks. */
  redirect_url: string | null
  /** Of pages whose scripts may sign people up. */
  allowed_origins: string[]
  captcha: FormCaptcha
}

export interface AskedField {
  /** `first_name`, `last_name`, or `field:` and the key of a custom field. */
  key: string
  label: string
  required: boolean
}

interface FormCaptcha {
  kind: 'none' | 'hcaptcha' | 'turnstile' | 'recaptcha'
  site_key: string
  /** `********` when there is one; sent back like that it stays. */
  secret: string
}

export interface FormListReply {
  forms: FormWire[]
  /** False: nothing can be mailed from here, and forms with double opt-in take nobody. */
  mails: boolean
}

export interface FormReply {
  form: FormWire
}

/** A page as the form would show it, whole. */
export interface FormPreviewReply {
  html: string
}

/** What a browser is told that signs somebody up. */
export interface SignUpReply {
  status: 'pending' | 'subscribed'
}
