import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { findFreePort, findProgram } from "./find-program.ts";

export interface TestPooler {
  /** The same login, through the pooler. */
  url: string;
  stop(): Promise<void>;
}

/**
 * PgBouncer in front of a server on a Unix socket, which gives few connections out for one transaction each: whoever leaves
 * something in a session, or prepares a statement there, meets it in another's.
 */
export async function startTestPooler(appUrl: string, connectionsMax: number): Promise<TestPooler> {
  const { username, password, pathname, searchParams } = new URL(appUrl);
  const socketDir = searchParams.get("host")!;
  const folder = mkdtempSync(join(tmpdir(), "finops-pooler-"));
  const [settings, logins] = [join(folder, "pgbouncer.ini"), join(folder, "logins.txt")];
  const port = await findFreePort();
  writeFileSync(logins, `"${username}" "${decodeURIComponent(password)}"\n`);
  writeFileSync(
    settings,
    `[databases]
${pathname.slice(1)} = host=${socketDir}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${logins}
pool_mode = transaction
default_pool_size = ${connectionsMax}
max_client_conn = 500
`,
  );
  chmodSync(folder, 0o755);
  // It refuses to run as root, and the socket belongs to who runs PostgreSQL.
  const { uid, gid } = statSync(socketDir);
  const user = process.getuid?.() === 0 ? { uid, gid } : {};
  const child = spawn(findProgram(["pgbouncer"]), [settings], { stdio: ["ignore", "ignore", "pipe"], ...user });
  const ended = once(child, "exit");
  const lines: string[] = [];
  await new Promise<void>((resolve, reject) => {
    createInterface(child.stderr).on("line", (line) => {
      lines.push(line);
      if (line.includes("process up")) resolve();
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`PgBouncer ended with ${code}:\n${lines.join("\n")}`)));
  });
  return {
    url: `postgresql://${username}:${password}@127.0.0.1:${port}${pathname}`,
    async stop() {
      child.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
