/** A string literal of JavaScript, Python, Java, Go and C#, which agree on these escapes. */
export function quoted(text: string): string {
  return JSON.stringify(text)
}

/** One word for a POSIX shell. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

/** A single-quoted string of Ruby or PHP: nothing is interpolated. */
export function singleQuoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, '\\$&')}'`
}

/** A double-quoted value of a .env file, in which $ would begin a variable. */
export function envValue(text: string): string {
  return `"${text.replaceAll(/[\\"$]/g, '\\$&')}"`
}

/** The user or password part of a URL (RFC 3986, section 3.2.1): everything but unreserved characters encoded. */
export function urlPart(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    sign => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** A value in a Java .properties file, as Spring reads it: ${ would begin a placeholder. */
export function propertyValue(text: string): string {
  return text.replaceAll('\\', '\\\\').replace(/^ /, '\\ ').replaceAll('${', '\\\\${')
}
