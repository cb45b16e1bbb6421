import { createHash, randomUUID } from "node:crypto";
import { createReadStream, type Dirent, existsSync, mkdirSync, realpathSync } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import type { FileStore, StoredFile, UnfinishedFile, WrittenFile } from "./file-store.ts";
import { noSuchFile, outsideStore, splitStoredName, trimSlash } from "./stored-name.ts";
import { createPieceWriter } from "./write-pieces.ts";

export interface FolderStoreOptions {
  root: string;
  /** Where files are written before they are renamed into place; on the same disk as `root`. */
  draftsDir: string;
}

/** A file store in a folder. A file is durable (fsync) before its name appears. */
export function createFolderStore(options: FolderStoreOptions): FileStore {
  mkdirSync(options.root, { recursive: true, mode: 0o700 });
  mkdirSync(options.draftsDir, { recursive: true, mode: 0o700 });
  const root = realpathSync(options.root);
  const pathOf = (name: string) => resolveInside(root, name);
  // In the folder itself, so that it outlives a restart and is renamed into place. Names start with their owner's folder.
  const unfinishedRoot = join(root, ".unfinished");
  mkdirSync(unfinishedRoot, { recursive: true, mode: 0o700 });
  const unfinishedOf = (name: string) => resolveInside(unfinishedRoot, name);
  const pieces = createPieceWriter();

  async function findUnfinished(name: string): Promise<UnfinishedFile | null> {
    const found = await stat(unfinishedOf(name)).catch(() => null);
    return found?.isFile() === true ? { name, bytes: found.size, changedAt: found.mtime } : null;
  }

  return {
    async put(name, content) {
      const path = pathOf(name);
      const draft = join(options.draftsDir, randomUUID());
      try {
        const written = await writeDurably(draft, content);
        await renameDurably(draft, path);
        return { name, ...written };
      } finally {
        await rm(draft, { force: true });
      }
    },
    async append(name, piece, content) {
      const bytes = await pieces.append(unfinishedOf(name), piece, content);
      const { mtime } = await stat(unfinishedOf(name));
      return { name, bytes, changedAt: mtime };
    },
    async finish(name) {
      const path = unfinishedOf(name);
      if (!existsSync(path)) throw noSuchFile(name);
      const written = await pieces.seal(path);
      await renameDurably(path, pathOf(name));
      pieces.forget(path);
      return { name, ...written };
    },
    findUnfinished,
    async listUnfinished(prefix) {
      const stored = await listBelow(unfinishedRoot, unfinishedOf(trimSlash(prefix)), prefix);
      return (await Promise.all(stored.map(({ name }) => findUnfinished(name)))).filter((file) => file !== null);
    },
    async get(name, range) {
      const file = await open(pathOf(name), "r").catch((error: unknown) => Promise.reject(noSuchFile(name, error)));
      if (range && range.end <= range.start) {
        await file.close();
        return (async function* empty() {})();
      }
      return createReadStream("", { fd: file, ...(range && { start: range.start, end: range.end - 1 }) });
    },
    async find(name) {
      const found = await stat(pathOf(name)).catch(() => null);
      return found?.isFile() ? { name, bytes: found.size } : null;
    },
    list: (prefix) => listBelow(root, pathOf(trimSlash(prefix)), prefix),
    listNames: async (folder) =>
      (await readdir(pathOf(trimSlash(folder))).catch(() => [])).toSorted((a, b) => (a < b ? -1 : 1)),
    async move(from, to) {
      const source = pathOf(from);
      if (!existsSync(source)) throw noSuchFile(from);
      await renameDurably(source, pathOf(to));
    },
    async delete(name) {
      pieces.forget(unfinishedOf(name));
      for (const path of [pathOf(name), unfinishedOf(name)]) await rm(path, { force: true });
    },
    async deleteAll(prefix) {
      for (const path of [pathOf(trimSlash(prefix)), unfinishedOf(trimSlash(prefix))])
        await rm(path, { recursive: true, force: true });
    },
    localPath: pathOf,
  };
}

/** The path of a name below the root. @throws invalid for every name that could mean something outside. */
function resolveInside(root: string, name: string): string {
  const path = join(root, ...splitStoredName(name));
  // A link inside the folder may point out of it, so the nearest folder that exists is looked at as it really is.
  let existing = path;
  while (!existsSync(existing)) existing = dirname(existing);
  const real = realpathSync(existing);
  if (real !== root && !real.startsWith(root + sep)) throw outsideStore(name);
  return path;
}

async function writeDurably(
  path: string,
  content: AsyncIterable<Uint8Array> | Uint8Array,
): Promise<Omit<WrittenFile, "name">> {
  const hash = createHash("sha256");
  let bytes = 0;
  const file = await open(path, "wx", 0o600);
  try {
    for await (const chunk of content instanceof Uint8Array ? [content] : content) {
      hash.update(chunk);
      bytes += chunk.byteLength;
      await file.writeFile(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { bytes, sha256: hash.digest("hex") };
}

async function renameDurably(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  await rename(from, to);
  // The new name is an entry of its folder, which has to reach the disk as well.
  const folder = await open(dirname(to), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function listBelow(root: string, path: string, prefix: string): Promise<StoredFile[]> {
  const found = await stat(path).catch(() => null);
  if (found?.isFile()) return prefix.endsWith("/") ? [] : [{ name: trimSlash(prefix), bytes: found.size }];
  const stored = await Promise.all(
    (await filesBelow(path)).map(async (file) => {
      const size = await stat(file).then(({ size: bytes }) => bytes, unlessGone);
      return size === null ? [] : [{ name: relative(root, file).split(sep).join("/"), bytes: size }];
    }),
  );
  return stored.flat().toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Folder by folder: one that goes while it is listed has no files, and takes nothing of the others with it. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries: Dirent[] = (await readdir(folder, { withFileTypes: true }).catch(unlessGone)) ?? [];
  const files = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(path);
      return entry.isFile() ? [path] : [];
    }),
  );
  return files.flat();
}

function unlessGone(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT") return null;
  throw error;
}
