import { rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { makeTestFolder, startTestServer, type TestServer } from "./test-server.ts";
import { testServerSocket } from "./test-database.ts";

/**
 * Vitest's global setup: one PostgreSQL for a whole run, started when the first test asks for it, so that a run of pure
 * tests does not pay for it. Test processes ask over a Unix socket and get the URLs as one line of JSON.
 */
export default async function setup(): Promise<() => Promise<void>> {
  let server: Promise<TestServer> | null = null;
  const folder = makeTestFolder();
  const socketPath = join(folder, "door.sock");
  const door = createServer((connection) => {
    server ??= startTestServer();
    connection.on("error", () => connection.destroy());
    server.then(
      (urls) => connection.end(JSON.stringify(urls)),
      (error: unknown) =>
        connection.end(JSON.stringify({ error: error instanceof Error ? error.message : String(error) })),
    );
  });
  await new Promise<void>((resolve) => door.listen(socketPath, resolve));
  process.env[testServerSocket] = socketPath;
  return async () => {
    door.close();
    await (await server)?.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
