/** A text as an SQL literal; only for paths and names that the code itself made. Users' values are bound. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** SQL of the JSON pointer to a key. A `$` path knows no way to write every key; a pointer does. */
export function jsonPointer(key: string): string {
  return `'/' || replace(replace(${key}, '~', '~0'), '/', '~1')`;
}
