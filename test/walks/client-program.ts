import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { buffer, text } from 'node:stream/consumers'

/**
 * What a mail client wrote to its standard output.
 * @throws Error with all it said, if the exit code is not 0
 */
export async function runClient(
  program: string,
  args: string[],
  input: Buffer = Buffer.alloc(0),
): Promise<Buffer> {
  const child = spawn(program, args)
  // A program that ends without reading its input says why by its exit code, not by our EPIPE.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const [out, err] = await Promise.all([buffer(child.stdout), text(child.stderr), once(child, 'close')])
  if (child.exitCode !== 0)
    throw new Error(`${program} ended with ${child.exitCode}: ${out.toString('latin1')}${err}`)
  return out
}
