/** The posthorn: one coil, a mouthpiece and a bell. Drawn on 32 units, legible from 16 px. */
export function Mark({ size = 22, className = '' }: { size?: number; className?: string }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 32 32"
      fill="none"
      stroke="currentColor"
      strokeWidth="3.2"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      className={className}
    >
      <g transform="rotate(-20 16 16)">
        <circle cx="13.6" cy="19.9" r="7.7" />
        <path d="M2.6 12.2h16M2.6 10.2v4" />
        <path
          fill="currentColor"
          stroke="none"
          d="M16 10.6c5.4 0 9.7-1.500 13.3-5.400.5-.5 1.3-.2 1.3.5v13c0 .7-.8 1-1.3.5-3.600-3.900-7.900-5.400-13.3-5.400z"
        />
      </g>
    </svg>
  )
}
