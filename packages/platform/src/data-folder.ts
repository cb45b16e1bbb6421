import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { AppError } from "@finops/kernel/app-error";
import { readSecretFile, writeSecretFile } from "./files/secret-file.ts";

/** Where everything of an embedded host lives: one folder (`FINOPS_DATA`), used by one process at a time. */
export interface DataFolder {
  root: string;
  postgresDir: string;
  /** Landing and lake. */
  filesDir: string;
  /** The cost store; can be thrown away. */
  warehouseDir: string;
  /** Drafts; emptied whenever the folder is locked anew. */
  tmpDir: string;
}

export interface DataFolderLock {
  folder: DataFolder;
  /** Says in server.json where this process answers, so that a command on the same machine can ask it. */
  announceServer(url: string): void;
  /** The folder is free as well as soon as this process ends, in whatever way. */
  release(): void;
}

export interface RunningServer {
  url: string;
  pid: number;
}

export function describeDataFolder(dir: string): DataFolder {
  const root = resolve(dir);
  return {
    root,
    postgresDir: join(root, "postgres"),
    filesDir: join(root, "files"),
    warehouseDir: join(root, "warehouse"),
    tmpDir: join(root, "tmp"),
  };
}

/**
 * Takes the data folder for this process, and makes it where there is none.
 *
 * The operating system holds the lock and lets go of it when the process ends, so nothing stale is left after a kill -9.
 * @param purpose how the holder is named to whoever comes second, such as `finops start`
 * @throws precondition when another process has it, with its number and, for a server, its URL
 */
export function lockDataFolder(dir: string, purpose: string): DataFolderLock {
  const folder = describeDataFolder(dir);
  makeFolders(folder);
  const lockPath = join(folder.root, "lock");
  const file = openLocked(lockPath, "exclusive");
  if (file === null) throw inUse(folder, lockPath);
  ftruncateSync(file);
  writeSync(file, JSON.stringify({ pid: process.pid, purpose }), 0);
  const serverFile = join(folder.root, "server.json");
  // What an earlier holder left behind.
  rmSync(serverFile, { force: true });
  for (const name of readdirSync(folder.tmpDir)) rmSync(join(folder.tmpDir, name), { recursive: true, force: true });

  let isReleased = false;
  return {
    folder: { ...describeDataFolder(realpathSync(folder.root)) },
    announceServer: (url) => writeSecretFile(serverFile, JSON.stringify({ url, pid: process.pid })),
    release() {
      if (isReleased) return;
      isReleased = true;
      rmSync(serverFile, { force: true });
      closeSync(file);
    },
  };
}

/** The server that has the data folder now; null when there is none. */
export function readRunningServer(dir: string): RunningServer | null {
  const { root } = describeDataFolder(dir);
  const announced = parseJson<RunningServer>(readSecretFile(join(root, "server.json")));
  if (announced === null) return null;
  const file = openLocked(join(root, "lock"), "shared");
  if (file === null) return announced;
  closeSync(file);
  return null;
}

/** The key by which a command on this machine proves to the server that it may read the data folder. Made at first use. */
export function readOrMakeLocalKey(dir: string): string {
  const path = join(describeDataFolder(dir).root, "local-key");
  const known = readSecretFile(path);
  if (known !== null) return known;
  const made = randomBytes(32).toString("base64url");
  writeSecretFile(path, made);
  return made;
}

function makeFolders(folder: DataFolder): void {
  try {
    // Others may pass through, because PostgreSQL runs as another user when we are root; every folder inside is closed.
    mkdirSync(folder.root, { recursive: true, mode: 0o711 });
    for (const dir of [folder.filesDir, folder.warehouseDir, folder.tmpDir])
      mkdirSync(dir, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new AppError(
      "precondition",
      `The data folder ${folder.root} cannot be made or written. Set FINOPS_DATA to a folder that you own.`,
      { cause },
    );
  }
}

/** The open file while the lock is ours; null when somebody else has it. */
function openLocked(path: string, mode: "exclusive" | "shared"): number | null {
  return process.platform === "darwin" ? openLockedOnDarwin(path, mode) : openLockedByFlock(path, mode);
}

// Darwin locks while it opens; Node has no names for these flags.
function openLockedOnDarwin(path: string, mode: "exclusive" | "shared"): number | null {
  const lockFlag = mode === "exclusive" ? 0x20 : 0x10;
  try {
    return openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | lockFlag, 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return null;
    throw error;
  }
}

/**
 * flock(1) locks the open file that it is given, and the lock stays with that open file after flock itself has ended.
 * Node marks its files close-on-exec, so no child of ours inherits the lock by accident. An exclusive try waits half a
 * second, because `readRunningServer` of another process may hold a shared lock for a moment.
 */
function openLockedByFlock(path: string, mode: "exclusive" | "shared"): number | null {
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  const args = mode === "exclusive" ? ["--exclusive", "--wait", "0.5"] : ["--shared", "--nonblock"];
  const { status, error } = spawnSync("flock", [...args, "3"], { stdio: ["ignore", "ignore", "ignore", file] });
  if (status === 0) return file;
  closeSync(file);
  if (status === 1) return null;
  throw new AppError(
    "precondition",
    "The data folder cannot be locked: the command flock (package util-linux) is missing or failed.",
    { cause: error },
  );
}

function inUse(folder: DataFolder, lockPath: string): AppError {
  const holder = parseJson<{ pid: number; purpose: string }>(readFileSync(lockPath, "utf8"));
  const server = parseJson<RunningServer>(readSecretFile(join(folder.root, "server.json")));
  const who = holder ? `${holder.purpose} (process ${holder.pid})` : "another process";
  const advice = server
    ? `It answers at ${server.url}: use that, or stop it first.`
    : "Wait until it is done, or stop it first.";
  return new AppError("precondition", `The data folder ${folder.root} is in use by ${who}. ${advice}`, {
    facts: { ...holder, url: server?.url },
  });
}

function parseJson<T>(text: string | null): T | null {
  try {
    return text === null ? null : (JSON.parse(text) as T);
  } catch {
    // Its writer is in the middle of writing it.
    return null;
  }
}
