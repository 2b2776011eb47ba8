import { useQuery } from '@tanstack/react-query'
import type { ServiceSettingWire } from '../../calls/email-services.ts'
import { projectsQuery } from '../../calls/projects.ts'
import { Field } from '../../ui/field.tsx'
import { SelectField } from '../../ui/select-field.tsx'

interface SettingInputProps {
  setting: ServiceSettingWire
  value: string
  error: string | undefined
  onChange: (value: string) => void
}

const CHOICES: Record<string, string> = {
  tls: 'STARTTLS, or TLS at once on port 465',
  ssl: 'TLS at once',
  US: 'United States',
  EU: 'European Union',
  plain: 'PLAIN',
  login: 'LOGIN',
  'cram-md5': 'CRAM-MD5',
  xoauth2: 'XOAUTH2, with a token',
}

/** One setting of an email service, by its kind. */
export function SettingInput(props: SettingInputProps) {
  const { setting, value, error, onChange } = props
  const { label, required, secret, choices, kind } = setting
  const named = required ? label : `${label} (optional)`
  if (kind === 'inbox') return <InboxInput {...props} />
  if (choices)
    return (
      <SelectField
        label={named}
        className="max-w-sm"
        error={error}
        value={value}
        onChange={event => onChange(event.target.value)}
      >
        <option value="">
          {required ? 'Choose one' : setting.extra ? 'Whatever the server offers' : 'None'}
        </option>
        {choices.map(choice => (
          <option key={choice} value={choice}>
            {CHOICES[choice] ?? choice}
          </option>
        ))}
      </SelectField>
    )
  return (
    <Field
      label={named}
      type={secret ? 'password' : 'text'}
      inputMode={kind === 'text' ? undefined : 'numeric'}
      className={kind === 'text' ? 'max-w-lg' : 'max-w-32'}
      // A browser would offer the password of this app.
      autoComplete={secret ? 'new-password' : 'off'}
      autoCapitalize="off"
      spellCheck={false}
      value={value}
      error={error}
      {...(secret && value === MASK && { hint: 'It is set. Type over it to change it.' })}
      onFocus={event => secret && value === MASK && event.target.select()}
      onChange={event => onChange(event.target.value)}
    />
  )
}

/** What stands where a secret is; sent back, it leaves the secret as it is. */
const MASK = '********'

function InboxInput({ value, error, onChange }: SettingInputProps) {
  const projects = useQuery(projectsQuery).data ?? []
  return (
    <SelectField
      label="Inbox"
      className="max-w-sm"
      error={error}
      value={value}
      onChange={event => onChange(event.target.value)}
    >
      <option value="">Choose one</option>
      {projects.map(project => (
        <optgroup key={project.id} label={project.name}>
          {project.inboxes.map(inbox => (
            <option key={inbox.id} value={inbox.id}>
              {inbox.name}
            </option>
          ))}
        </optgroup>
      ))}
    </SelectField>
  )
}
