import { readable, readableOn } from '../../public/colours.ts'

const LIGHT = { ground: '#f5f6f8', card: '#ffffff', ink: '#1b1f27', soft: '#565e6b', line: '#dfe3e8' }
const DARK = { ground: '#14161a', card: '#1d2026', ink: '#e9ebee', soft: '#aab1bc', line: '#333842' }

/** @param colour the workspace's, as `#3355aa`; nothing else may get in here */
export function pageStyle(colour: string): string {
  return `:root{color-scheme:light dark;${variables(colour, LIGHT)}--edge:#838b98;--wrong:#b3261e;--good:#1b6b3a}
@media (prefers-color-scheme:dark){:root{${variables(colour, DARK)}--edge:#7b8492;--wrong:#ffb4ab;--good:#7fd6a0}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:break-word}
main{max-width:30rem;margin:0 auto;padding:clamp(1.5rem,8vh,5rem) 1.25rem 3rem}
.name{margin:0 0 1.25rem;padding-left:.75rem;border-left:4px solid var(--accent);font-weight:600;color:var(--soft)}
h1{margin:0 0 .75rem;font-size:1.6rem;line-height:1.25;letter-spacing:-.01em;text-wrap:balance}
h2{margin:0 0 .25rem;font-size:1.1rem}
p{margin:0 0 1rem}
.said{white-space:pre-line}
.soft{color:var(--soft)}
form{margin:1.5rem 0}
section{margin:2.5rem 0 0;padding:1.5rem 0 0;border-top:1px solid var(--line)}
section form{margin-top:.75rem}
.field{margin:0 0 1.1rem;border:0;padding:0;min-width:0}
label,legend{display:block;margin:0 0 .3rem;padding:0;font-weight:500}
.optional{font-weight:400;color:var(--soft)}
input:not([type=checkbox]),select{display:block;width:100%;min-height:2.75rem;padding:.5rem .75rem;border:1px solid var(--edge);border-radius:6px;background:var(--card);color:inherit;font:inherit}
.tick{display:flex;gap:.65rem;align-items:flex-start;min-height:1.75rem;font-weight:400;margin-bottom:.25rem}
.tick input{flex:none;width:1.2rem;height:1.2rem;margin:.18rem 0 0;accent-color:var(--accent)}
.tick span{white-space:pre-line}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.wrong{margin:.3rem 0 0;color:var(--wrong);font-size:.925rem}
[aria-invalid=true]{border-color:var(--wrong)!important}
.notice{margin:1rem 0;padding:.7rem .9rem;border:1px solid currentColor;border-radius:6px;background:var(--card);color:var(--wrong)}
.notice.good{color:var(--good)}
button{min-height:2.75rem;padding:.55rem 1.25rem;border:1px solid var(--accent);border-radius:6px;background:var(--brand);color:var(--on-brand);font:inherit;font-weight:600;cursor:pointer}
button:hover{filter:brightness(.94)}
button.quiet{background:transparent;color:var(--accent)}
a{color:var(--accent);text-underline-offset:.15em}
.trap{position:absolute;left:-9999px;width:1px;height:1px;overflow:hidden}
.embedded body{min-height:0;background:transparent}
.embedded main{max-width:none;padding:.5rem}
@media (max-width:24rem){button{width:100%}}`
}

function variables(colour: string, theme: typeof LIGHT): string {
  const named = {
    ...theme,
    brand: colour,
    'on-brand': readableOn(colour),
    // Read on both.
    accent: readable(readable(colour, theme.card), theme.ground),
  }
  return Object.entries(named)
    .map(([name, value]) => `--${name}:${value};`)
    .join('')
}
