/** Where the data is: a file, or a PostgreSQL server. */
export type Location = { engine: 'sqlite'; file: string } | { engine: 'postgres'; url: string }

/** `sqlite:<path>` or `postgres://…`, as the tests and the command line write it. */
export function parseLocation(url: string): Location {
  return url.startsWith('sqlite:')
    ? { engine: 'sqlite', file: url.slice('sqlite:'.length) }
    : { engine: 'postgres', url }
}
