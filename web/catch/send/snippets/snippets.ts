import { dotnet } from './dotnet.ts'
import { go } from './go.ts'
import { java } from './java.ts'
import { node } from './node.ts'
import { php } from './php.ts'
import { python } from './python.ts'
import { ruby } from './ruby.ts'
import { shell } from './shell.ts'
import type { Snippet, Target } from './snippet.ts'

export function snippets(target: Target): Snippet[] {
  return [shell, node, python, php, ruby, java, go, dotnet].map(language => language(target))
}
