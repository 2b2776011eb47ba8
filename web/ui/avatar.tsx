import { classes } from './classes.ts'

/** The first letter of somebody's name; the name itself stands beside it. */
export function Avatar({ name, className }: { name: string; className: string }) {
  return (
    <span
      aria-hidden
      className={classes(
        'flex shrink-0 items-center justify-center rounded-full text-small font-semibold',
        className,
      )}
    >
      {[...name.trim()][0]?.toUpperCase() ?? '?'}
    </span>
  )
}
