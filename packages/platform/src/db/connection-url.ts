export interface ConnectionParts {
  user: string;
  password: string;
  database: string;
  /** The folder of a Unix socket, as libpq takes it. */
  socketDir: string;
}

/** A URL that pg, Prisma and psql all read; the socket's folder goes into the query because a URL's host cannot hold it. */
export function socketUrl({ user, password, database, socketDir }: ConnectionParts): string {
  return `postgresql://${user}:${encodeURIComponent(password)}@localhost/${database}?host=${encodeURIComponent(socketDir)}`;
}

/** The same login on another database of the same server. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.toString();
}
