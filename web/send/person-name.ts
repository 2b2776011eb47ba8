interface Named {
  first_name: string | null
  last_name: string | null
}

/** Both names, as far as they are known. */
export function personName({ first_name, last_name }: Named): string {
  return [first_name, last_name].filter(Boolean).join(' ')
}
