/** Where the data is: a file, or a PostgreSQL server. */
export type Location = { engine: 'sqlite'; file: string } | { engine: 'postgres'; url: string }
