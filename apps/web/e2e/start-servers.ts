import { spawn, spawnSync } from "node:child_process";
import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { request } from "@playwright/test";
import { demoState } from "./journey.ts";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");
const startMs = 600_000;

export interface Server {
  url: string;
  /** Signs in, once. */
  link: string;
  /** The file with what it prints, mails among it. */
  printed: string;
  stop(): Promise<void>;
}

/** Two real servers on free ports and new data folders: one with the demo company, one that starts empty. */
export default async function startServers(): Promise<() => Promise<void>> {
  build();
  const rows = Number(process.env["FINOPS_DEMO_ROWS"] ?? 30_000);
  const demo = runningServer("E2E_DEMO_LINK") ?? (await startServer({ rows }));
  const empty = await Promise.resolve(runningServer("E2E_EMPTY_LINK") ?? startServer({ rows: 0 })).catch(
    async (error: unknown) => {
      await demo.stop();
      throw error;
    },
  );
  await keepSignedIn(demo.link, demoState);
  process.env["E2E_DEMO_URL"] = demo.url;
  process.env["E2E_DEMO_PRINTED"] = demo.printed;
  process.env["E2E_EMPTY_URL"] = empty.url;
  process.env["E2E_EMPTY_LINK"] = empty.link;
  return async () => {
    await Promise.all([demo.stop(), empty.stop()]);
  };
}

/**
 * A server that runs already, by a sign-in link of it: while one works on a journey. What it prints goes to the file that
 * E2E_DEMO_PRINTED names, beside its operator's key; E2E_OPERATOR_URL, where that key is for another address.
 */
export function runningServer(variable: string): Server | null {
  const link = process.env[variable];
  return link === undefined
    ? null
    : {
        url: new URL(link).origin,
        link,
        printed: process.env["E2E_DEMO_PRINTED"] ?? "",
        stop: async () => undefined,
      };
}

/** Signs in by a link and keeps the cookies in a file, for `storageState`. */
export async function keepSignedIn(link: string, path: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const client = await request.newContext();
  await client.get(link);
  await client.storageState({ path });
  await client.dispose();
}

/** A server with a data folder of its own; `env` is added to what it reads. */
export async function startServer({ rows, env }: { rows: number; env?: Record<string, string> }): Promise<Server> {
  const data = mkdtempSync(join(tmpdir(), "finops-browser-"));
  // Started as root, PostgreSQL runs as another user, who must be able to enter.
  chmodSync(data, 0o755);
  const child = spawn(process.execPath, ["--enable-source-maps", "apps/server/dist/main.js"], {
    cwd: root,
    // A port that is known, so that the server knows its own address before it stands; providers on this machine have no https.
    env: {
      ...process.env,
      PORT: String(await findPort()),
      FINOPS_HTTP_ISSUERS: "1",
      FINOPS_DATA: data,
      FINOPS_DEMO_ROWS: String(rows),
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  const printedPath = join(data, "printed.txt");
  const stop = async () => {
    const ended = new Promise((settle) => child.once("exit", settle));
    if (child.exitCode === null) {
      child.kill("SIGTERM");
      await ended;
    }
    rmSync(data, { recursive: true, force: true });
  };
  const ready = new Promise<Server>((settle, fail) => {
    const timer = setTimeout(
      () => fail(new Error(`The server was not ready in time. It printed:\n${printed}`)),
      startMs,
    );
    const read = (chunk: Buffer) => {
      printed += chunk.toString();
      appendFileSync(printedPath, chunk);
      const link = /(http:\/\/\S+)\/sign-in\/\S+/.exec(printed);
      if (link === null) return;
      clearTimeout(timer);
      settle({ url: link[1]!, link: link[0], printed: printedPath, stop });
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("exit", (code) => {
      clearTimeout(timer);
      fail(new Error(`The server ended with ${code}. It printed:\n${printed}`));
    });
  });
  return ready.catch(async (error: unknown) => {
    await stop();
    throw error;
  });
}

async function findPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listens) => server.listen(0, "127.0.0.1", listens));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

/** The programs that `make start` runs, made from today's sources. */
function build(): void {
  const { status } = spawnSync(process.execPath, ["scripts/ready.mjs", "start"], { cwd: root, stdio: "inherit" });
  if (status !== 0) throw new Error("The server could not be built.");
}
