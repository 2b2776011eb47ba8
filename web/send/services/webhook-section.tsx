import { Section } from '../../frame/page.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'

interface WebhookSectionProps {
  url: string
  provider: string
  steps: readonly string[]
}

/** Where the provider has to report, and how it is told. */
export function WebhookSection({ url, provider, steps }: WebhookSectionProps) {
  return (
    <Section
      title="What comes back"
      about={`${provider} knows of bounces, complaints and deliveries first. It reports them to this address.`}
    >
      <div className="flex items-center gap-2">
        <code className="min-w-0 grow rounded-control border border-line bg-sunk px-3 py-2 font-mono text-small break-all">
          {url}
        </code>
        <CopyButton text={url} label="Copy the address of the webhook" words="Copy" />
      </div>
      {/^https?:\/\/(localhost|127\.|\[::1\])/.test(url) && (
        <p className="text-pretty text-danger">
          Nobody outside can reach this server under that address. Whoever runs it sets the one that is known
          outside, as POSTHORN_PUBLIC_URL.
        </p>
      )}
      <ol className="flex list-decimal flex-col gap-1.5 pl-5 text-soft marker:text-faint">
        {steps.map(step => (
          <li key={step} className="text-pretty">
            {step}
          </li>
        ))}
      </ol>
    </Section>
  )
}
