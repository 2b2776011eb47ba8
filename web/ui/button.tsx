import type { ComponentProps, ReactNode } from 'react'
import { classes } from './classes.ts'

type Look = 'primary' | 'plain' | 'quiet' | 'danger'

const LOOKS: Record<Look, string> = {
  primary: 'border-transparent bg-brass text-brass-on shadow-rise hover:bg-brass-hover',
  plain: 'border-line-strong bg-raised text-ink shadow-rise hover:bg-hover',
  quiet: 'border-transparent text-soft hover:bg-hover hover:text-ink',
  danger: 'border-transparent bg-danger-fill text-white shadow-rise hover:brightness-110',
}

/** The look of a button, for links that act like one. */
export function buttonClasses(look: Look = 'plain', className?: string): string {
  return classes(
    'reach inline-flex h-8 shrink-0 items-center justify-center gap-1.5 rounded-control border px-3 text-base font-medium whitespace-nowrap transition-colors duration-100',
    'disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:opacity-55',
    LOOKS[look],
    className,
  )
}

interface ButtonProps extends ComponentProps<'button'> {
  look?: Look
  /** Under way: stays in place and in focus, but does nothing. */
  busy?: boolean
}

export function Button({ look = 'plain', busy = false, className, onClick, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={busy ? event => event.preventDefault() : onClick}
      className={buttonClasses(look, className)}
    >
      {children}
    </button>
  )
}

interface IconButtonProps extends ComponentProps<'button'> {
  label: string
  /** Shown after the label in the tooltip. */
  keys?: string
  pressed?: boolean
  children: ReactNode
}

export const iconButtonClasses =
  'reach inline-flex size-7 shrink-0 items-center justify-center rounded-control text-soft transition-colors duration-100 hover:bg-hover hover:text-ink aria-pressed:bg-chosen aria-pressed:text-brass-text aria-expanded:bg-hover disabled:cursor-not-allowed disabled:opacity-40 disabled:hover:bg-transparent'

export function IconButton({ label, keys, pressed, className, children, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={keys ? `${label} (${keys})` : label}
      aria-pressed={pressed}
      className={classes(iconButtonClasses, className)}
      {...rest}
    >
      {children}
    </button>
  )
}
