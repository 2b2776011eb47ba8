export function Kbd({ children }: { children: string }) {
  return (
    <kbd className="inline-flex h-5 min-w-5 items-center justify-center rounded-tight border border-line-strong bg-raised px-1 font-sans text-micro text-soft shadow-rise">
      {children}
    </kbd>
  )
}
