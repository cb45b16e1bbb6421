import { connect, createServer, type AddressInfo } from "node:net";
import { join } from "node:path";

/** The same database at a port of this machine: workerd opens no Unix sockets, and the test's PostgreSQL has no port. */
export async function openPostgresPort(url: string): Promise<{ url: string; close(): void }> {
  const parsed = new URL(url);
  const socketPath = join(parsed.searchParams.get("host")!, ".s.PGSQL.5432");
  const server = createServer((client) => {
    const upstream = connect(socketPath);
    client.pipe(upstream).pipe(client);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const)
      one.on("error", () => other.destroy()).on("close", () => other.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  parsed.search = "";
  parsed.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url: parsed.toString(), close: () => void server.close() };
}
