import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { buttonClasses, IconButton } from './button.tsx'
import { toastFailure } from './toasts.tsx'

/** Copies a text and says so in place. With `words` it is a button with text, else an icon. */
export function CopyButton({ text, label, words }: { text: string; label: string; words?: string }) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 1600)
    return () => clearTimeout(timer)
  }, [copied])

  const copy = () =>
    copyText(text).then(
      () => setCopied(true),
      error => toastFailure('Not copied.', error),
    )
  const icon = copied ? <Check size={15} className="text-good" aria-hidden /> : <Copy size={15} aria-hidden />
  if (!words)
    return (
      <IconButton label={copied ? 'Copied' : label} onClick={copy}>
        {icon}
      </IconButton>
    )
  return (
    <button
      type="button"
      aria-label={copied ? 'Copied' : label}
      className={buttonClasses('plain')}
      onClick={copy}
    >
      {icon}
      {copied ? 'Copied' : words}
    </button>
  )
}

export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text)
  // The clipboard is for secure origins; a server in the local network often has none.
  const area = document.createElement('textarea')
  area.value = text
  area.style.position = 'fixed'
  area.style.opacity = '0'
  document.body.append(area)
  area.select()
  const done = document.execCommand('copy')
  area.remove()
  if (!done) throw new Error('The browser does not allow it here.')
}
