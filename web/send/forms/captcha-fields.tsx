import type { FormSettings } from '../../../server/send/api/forms-wire.ts'
import { Field } from '../../ui/field.tsx'
import { SelectField } from '../../ui/select-field.tsx'

type Captcha = FormSettings['captcha']

const KINDS: Record<Captcha['kind'], string> = {
  none: 'None',
  turnstile: 'Turnstile (Cloudflare)',
  hcaptcha: 'hCaptcha',
  recaptcha: 'reCAPTCHA v2 (Google)',
}

interface CaptchaFieldsProps {
  captcha: Captcha
  errorOf: (field: string) => string | undefined
  onChange: (captcha: Captcha) => void
}

export function CaptchaFields({ captcha, errorOf, onChange }: CaptchaFieldsProps) {
  return (
    <>
      <SelectField
        label="Captcha"
        className="max-w-xs"
        value={captcha.kind}
        hint={
          captcha.kind === 'none'
            ? undefined
            : 'Its script is loaded by the page, and needs JavaScript: the provider learns who looks at the form.'
        }
        onChange={({ target }) => {
          const kind = (Object.keys(KINDS) as Captcha['kind'][]).find(each => each === target.value)
          // The keys of one provider are nothing to another.
          if (kind) onChange({ kind, site_key: '', secret: '' })
        }}
      >
        {Object.entries(KINDS).map(([kind, name]) => (
          <option key={kind} value={kind}>
            {name}
          </option>
        ))}
      </SelectField>
      {captcha.kind !== 'none' && (
        <div className="grid gap-4 sm:grid-cols-2">
          <Field
            label="Site key"
            autoComplete="off"
            spellCheck={false}
            value={captcha.site_key}
            error={errorOf('site_key')}
            onChange={event => onChange({ ...captcha, site_key: event.target.value })}
          />
          <Field
            label="Secret"
            type="password"
            autoComplete="off"
            hint="Kept encrypted, and never shown again."
            value={captcha.secret}
            error={errorOf('secret')}
            onFocus={event => event.target.select()}
            onChange={event => onChange({ ...captcha, secret: event.target.value })}
          />
        </div>
      )}
    </>
  )
}
