import { readdir, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { AppError } from "@finops/kernel/app-error";

export interface BillFile {
  /** Path below what the user pointed at, with `/`. */
  name: string;
  path: string;
  bytes: number;
}

const filesMax = 100_000;

/**
 * All files of the given files and folders, hidden ones aside, each once and under a name of its own. A link that leads out
 * of its folder is refused.
 */
export async function listBillFiles(paths: readonly string[]): Promise<BillFile[]> {
  const roots = await Promise.all(paths.map(describeRoot));
  const base = roots.length === 1 ? roots[0]!.parent : commonFolder(roots.map((root) => root.parent));
  const found = new Map<string, BillFile>();
  for (const root of roots) {
    if (root.isFile) found.set(root.path, { name: nameBelow(base, root.path), path: root.path, bytes: root.bytes });
    else await walk({ root: root.path, base, found, visited: new Set() }, root.path, root.path);
  }
  return [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

interface Root {
  path: string;
  isFile: boolean;
  bytes: number;
  /** The folder that names are told from. */
  parent: string;
}

async function describeRoot(path: string): Promise<Root> {
  const info = await stat(path).catch(() => null);
  if (info === null) throw new AppError("not_found", `There is no file or folder ${path}.`);
  // A file keeps the name that the user gave; a folder is resolved, so that links in it can be told from links out of it.
  const full = info.isFile() ? resolve(path) : await realpath(path);
  return { path: full, isFile: info.isFile(), bytes: info.size, parent: info.isFile() ? dirname(full) : full };
}

function commonFolder(folders: readonly string[]): string {
  const isAbove = (folder: string) =>
    folders.every((other) => other === folder || other.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`));
  let folder = folders[0]!;
  while (!isAbove(folder) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

function nameBelow(base: string, path: string): string {
  return base === path ? basename(path) : relative(base, path).split(sep).join("/");
}

interface Walk {
  root: string;
  base: string;
  found: Map<string, BillFile>;
  visited: Set<string>;
}

async function walk(state: Walk, folder: string, real: string): Promise<void> {
  // A link may lead back to a folder that was seen.
  if (state.visited.has(real)) return;
  state.visited.add(real);
  for (const entry of await readdir(real, { withFileTypes: true })) {
    if (entry.name.startsWith(".") || entry.name.startsWith("_SUCCESS")) continue;
    const path = join(folder, entry.name);
    const target = entry.isSymbolicLink()
      ? await realpath(join(real, entry.name)).catch(() => null)
      : join(real, entry.name);
    if (target === null)
      throw new AppError(
        "invalid",
        `${nameBelow(state.base, path)} is a link that leads nowhere. Remove it, or point at the files themselves.`,
      );
    if (target !== state.root && !target.startsWith(`${state.root}${sep}`))
      throw new AppError(
        "invalid",
        `${nameBelow(state.base, path)} leads out of the folder. Point at the files themselves.`,
      );
    const info = await stat(target);
    if (info.isDirectory()) await walk(state, path, target);
    else if (info.isFile())
      state.found.set(target, { name: nameBelow(state.base, path), path: target, bytes: info.size });
    if (state.found.size > filesMax)
      throw new AppError(
        "limit",
        `${state.root} holds more than ${filesMax.toLocaleString("en")} files. Import a part of it at a time.`,
      );
  }
}
