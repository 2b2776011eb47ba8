import type { Compiled } from './compiler.ts'

/** Loaded by the compiling thread when first asked for: half a second, and a hundred megabytes. */
export async function compileMjml(source: string): Promise<Compiled> {
  const { default: mjml } = await import('mjml')
  try {
    // Nothing is included: a template must not read files of the server. Nor is the folder's configuration.
    const { html, errors } = await mjml(source, {
      ignoreIncludes: true,
      // It would have readers fetch its favourite fonts from Google; `mj-font` still can.
      fonts: {},
      useMjmlConfigOptions: false,
      validationLevel: 'soft',
      minify: false,
    })
    const faults = errors.map(({ line, tagName, message }) => ({
      line,
      message: tagName ? `${tagName}: ${message}` : message,
    }))
    const included = source.slice(0, Math.max(0, source.search(/<mj-include\b/i)))
    if (/<mj-include\b/i.test(source))
      faults.push({ line: included.split('\n').length, message: 'mj-include: files are not included' })
    return { content: html, text: null, faults }
  } catch (error) {
    return { content: '', text: null, faults: [{ line: null, message: (error as Error).message }] }
  }
}
