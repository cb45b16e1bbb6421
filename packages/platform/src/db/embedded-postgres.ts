import { type ChildProcess, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
} from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "@finops/kernel/app-error";
import { Client } from "pg";
import { readSecretFile, writeSecretFile } from "../files/secret-file.ts";
import type { Logger } from "../observe/log.ts";
import { socketUrl, withDatabase } from "./connection-url.ts";
import { findPostgresBinaries, type PostgresBinaries } from "./postgres-binaries.ts";
import { isQuiet, readPostmasterPid, stopOrphans } from "./postgres-orphans.ts";
import { chooseServiceUser, requireReachable, type ServiceUser } from "./postgres-user.ts";
import { ensureDatabase, ensureRoles, giveSchemaToOwner } from "./roles.ts";

export interface EmbeddedPostgresOptions {
  /** The folder for the cluster, its passwords, socket and log. Whoever starts it holds the lock of the data folder. */
  dataDir: string;
  log: Logger;
  /** `none` is for tests: quick, and everything is lost when the machine loses power. */
  durability?: "full" | "none";
}

export interface EmbeddedPostgres {
  /** Logs in as the owner of all tables; for migrations only. */
  ownerUrl: string;
  /** Logs in as the application. */
  appUrl: string;
  /** Logs in as the superuser of the cluster; for making databases. */
  adminUrl: string;
  /** Settles when the server ended without being asked to, with a sentence that says so. */
  crashed: Promise<string>;
  stop(): Promise<void>;
}

interface Passwords {
  admin: string;
  owner: string;
  app: string;
}

interface Cluster {
  dataDir: string;
  clusterDir: string;
  socketDir: string;
  binaries: PostgresBinaries;
  user: ServiceUser | null;
  durability: "full" | "none";
}

const database = "finops";

/**
 * Starts PostgreSQL in a folder, which it makes at the first start, and returns once it answers. The server listens on a
 * Unix socket only, so any number of folders can be open at once and no port is taken. It ends with this process, however
 * that dies.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { log, durability = "full" } = options;
  mkdirSync(options.dataDir, { recursive: true });
  const dataDir = realpathSync(options.dataDir);
  const clusterDir = join(dataDir, "cluster");
  const user = chooseServiceUser(clusterDir);
  chmodSync(dataDir, user ? 0o711 : 0o700);
  const cluster = {
    dataDir,
    clusterDir,
    socketDir: chooseSocketDir(dataDir),
    binaries: findPostgresBinaries(),
    user,
    durability,
  };
  requireReachable(user, cluster.binaries.postgres, dataDir);

  await stopOrphans(clusterDir, log);
  const passwords = readOrMakePasswords(dataDir);
  if (!existsSync(clusterDir)) await initCluster(cluster, passwords);
  const server = launch(cluster);
  let isStopping = false;
  const crashed = noteCrash(server, cluster, log, () => isStopping);
  const url = (role: keyof Passwords, name: string) =>
    socketUrl({ user: `finops_${role}`, password: passwords[role], database: name, socketDir: cluster.socketDir });

  const adminUrl = url("admin", "postgres");
  const stopOnce = onlyOnce(() => {
    isStopping = true;
    return stop(cluster, server);
  });
  try {
    await Promise.race([prepare(adminUrl, passwords, server), crashed.then(failStart)]);
  } catch (error) {
    await stopOnce();
    throw error;
  }
  return { ownerUrl: url("owner", database), appUrl: url("app", database), adminUrl, crashed, stop: stopOnce };
}

// A socket's path may have 107 bytes, with `/.s.PGSQL.5432` at its end.
function chooseSocketDir(dataDir: string): string {
  const inside = join(dataDir, "socket");
  if (Buffer.byteLength(inside) <= 90) return inside;
  return join(tmpdir(), `finops-${createHash("sha256").update(dataDir).digest("hex").slice(0, 16)}`);
}

function readOrMakePasswords(dataDir: string): Passwords {
  const file = join(dataDir, "passwords.json");
  const known = readSecretFile(file);
  if (known !== null) return JSON.parse(known) as Passwords;
  const make = () => randomBytes(24).toString("base64url");
  const made = { admin: make(), owner: make(), app: make() };
  writeSecretFile(file, JSON.stringify(made));
  return made;
}

/** Makes the cluster beside its place and renames it, so that an interrupted first start leaves nothing half made. */
async function initCluster(cluster: Cluster, passwords: Passwords): Promise<void> {
  const { dataDir, clusterDir, user, durability } = cluster;
  const draftDir = `${clusterDir}.draft`;
  const passwordFile = join(dataDir, "initdb-password");
  rmSync(draftDir, { recursive: true, force: true });
  makeDirFor(user, draftDir);
  writeSecretFile(passwordFile, passwords.admin);
  if (user) chownSync(passwordFile, user.uid, user.gid);
  // The locale is named: without LANG, initdb would make an SQL_ASCII cluster, for good.
  const flags = [
    "-E",
    "UTF8",
    "--locale-provider=builtin",
    "--locale=C.UTF-8",
    "--auth=scram-sha-256",
    "--no-instructions",
  ];
  if (durability === "none") flags.push("--no-sync");
  await run(
    cluster.binaries.initdb,
    ["-D", draftDir, "-U", "finops_admin", `--pwfile=${passwordFile}`, ...flags],
    user,
  );
  rmSync(passwordFile);
  renameSync(draftDir, clusterDir);
}

function run(program: string, args: string[], user: ServiceUser | null): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...asUser(user), stdio: ["ignore", "ignore", "pipe"] });
    let errors = "";
    child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve() : reject(cannotStart(`${program} ended with ${code}: ${errors}`)),
    );
  });
}

// PostgreSQL runs under a shell that reads a pipe from this process. The pipe ends however this process dies, even by
// kill -9, and the reader then stops PostgreSQL: first quickly but cleanly, after 8 s at once. Killing the shell alone
// leaves the reader on guard. The last line ends the reader (and its sleep) when PostgreSQL went first.
const guard = `
"$@" 3<&- & server=$!
( read -r _ <&3; kill -INT $server; sleep 8; kill -QUIT $server ) 2>/dev/null &
exec 3<&-
wait $server; status=$?
trap '' TERM; kill -TERM 0; exit $status`;

function launch(cluster: Cluster): ChildProcess {
  const { clusterDir, socketDir, user, durability } = cluster;
  rmSync(socketDir, { recursive: true, force: true });
  makeDirFor(user, socketDir);
  const settings: Record<string, string> = {
    listen_addresses: "",
    unix_socket_directories: `"${socketDir.replaceAll('"', '""')}"`,
    unix_socket_permissions: "0700",
    timezone: "UTC",
    log_timezone: "UTC",
    max_connections: "100",
    // Every query here is short, and compiling one costs more than it saves.
    jit: "off",
    ...(durability === "none" && { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const logFile = openSync(join(cluster.dataDir, "postgres.log"), "w", 0o600);
  const child = spawn("sh", ["-c", guard, "finops-postgres", cluster.binaries.postgres, "-D", clusterDir, ...args], {
    ...asUser(user),
    detached: true,
    stdio: ["ignore", logFile, logFile, "pipe"],
  });
  closeSync(logFile);
  // Neither keeps this process alive: a program that forgot to stop ends, and PostgreSQL with it.
  child.unref();
  (lifeline(child) as Writable & { unref(): void }).unref();
  return child;
}

function lifeline(server: ChildProcess): Writable {
  return server.stdio[3] as Writable;
}

function noteCrash(server: ChildProcess, cluster: Cluster, log: Logger, isStopping: () => boolean): Promise<string> {
  return new Promise((resolve) => {
    server.once("error", (error) => resolve(`Its guard could not be started: ${error.message}`));
    server.once("exit", (code, signal) => {
      if (isStopping()) return;
      const lastLines = readFileSync(join(cluster.dataDir, "postgres.log"), "utf8")
        .trimEnd()
        .split("\n")
        .slice(-5)
        .join("\n");
      log.error({ code, signal, lastLines }, "PostgreSQL ended by itself");
      resolve(`PostgreSQL ended by itself (${signal ?? code}). Its last words: ${lastLines}`);
    });
  });
}

function failStart(internal: string): never {
  throw cannotStart(internal);
}

function cannotStart(internal: string): AppError {
  return new AppError("precondition", `PostgreSQL could not be started. ${internal}`, { internal });
}

/** Waits for the first answer (recovery after a crash takes its time), then makes sure of roles and database. */
async function prepare(adminUrl: string, passwords: Passwords, server: ChildProcess): Promise<void> {
  const admin = await connectPatiently(adminUrl, server);
  try {
    await ensureRoles(admin, passwords);
    await ensureDatabase(admin, database);
  } finally {
    await admin.end();
  }
  await giveSchemaToOwner(withDatabase(adminUrl, database));
}

async function connectPatiently(url: string, server: ChildProcess): Promise<Client> {
  const deadline = performance.now() + 120_000;
  for (;;) {
    const client = new Client({ connectionString: url });
    try {
      await client.connect();
      return client;
    } catch (error) {
      const { code } = error as { code?: string };
      // Not listening yet, or still starting up (57P03).
      const isStarting = code === "ENOENT" || code === "ECONNREFUSED" || code === "57P03";
      if (!isStarting || server.exitCode !== null || performance.now() > deadline) throw error;
      await sleep(20);
    }
  }
}

/** Waits for the guard, which outlives PostgreSQL; should somebody have killed the guard, for PostgreSQL itself. */
async function stop(cluster: Cluster, server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.pid === undefined) return;
  const ended = once(server, "exit");
  lifeline(server).destroy();
  if (server.signalCode === null) await endedWithin(ended, 20_000);
  await isQuiet(cluster.clusterDir, readPostmasterPid(cluster.clusterDir), 20_000);
  rmSync(cluster.socketDir, { recursive: true, force: true });
}

/** The timer ends with the wait: one that is left would keep the program alive for as long. */
async function endedWithin(ended: Promise<unknown>, timeoutMs: number): Promise<void> {
  const patience = new AbortController();
  await Promise.race([ended, sleep(timeoutMs, undefined, { signal: patience.signal }).catch(() => undefined)]);
  patience.abort();
}

function onlyOnce(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null;
  return () => (done ??= work());
}

function makeDirFor(user: ServiceUser | null, dir: string): void {
  mkdirSync(dir, { mode: 0o700 });
  if (user) chownSync(dir, user.uid, user.gid);
}

/** Nothing of our environment reaches PostgreSQL: neither PGDATA and its like nor our secrets. */
function asUser(user: ServiceUser | null): { uid?: number; gid?: number; cwd: string; env: NodeJS.ProcessEnv } {
  const env = { PATH: process.env.PATH, LC_ALL: "C.UTF-8", TZ: "UTC" };
  return user ? { uid: user.uid, gid: user.gid, cwd: "/", env } : { cwd: "/", env };
}
