interface SwitchProps {
  label: string
  checked: boolean
  onChange: () => void
}

export function Switch({ label, checked, onChange }: SwitchProps) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={checked}
      onClick={onChange}
      className="reach group inline-flex min-h-8 items-center gap-3 self-start rounded-control text-left font-medium"
    >
      <span className="inline-flex h-5 w-9 shrink-0 items-center rounded-full border border-control bg-hover p-px transition-colors duration-100 group-aria-checked:border-brass-text group-aria-checked:bg-brass">
        <span className="size-4 rounded-full bg-control transition-transform duration-100 group-aria-checked:translate-x-4 group-aria-checked:bg-brass-on" />
      </span>
      {label}
    </button>
  )
}
