import { readdir, realpath, stat } from "node:fs/promises";
import { basename, join, relative, resolve, sep } from "node:path";
import { AppError } from "@finops/kernel/app-error";

export interface BillFile {
  /** Path below what the user pointed at, with `/`. */
  name: string;
  path: string;
  bytes: number;
}

const filesMax = 100_000;

/** All files of the given files and folders, hidden ones aside. A link that leads out of its folder is refused. */
export async function listBillFiles(paths: readonly string[]): Promise<BillFile[]> {
  const found: BillFile[] = [];
  for (const path of paths) {
    const info = await stat(path).catch(() => null);
    if (info === null) throw new AppError("not_found", `There is no file or folder ${path}.`);
    if (info.isFile()) found.push({ name: basename(path), path: resolve(path), bytes: info.size });
    else await walk(await realpath(path), await realpath(path), found);
    if (found.length > filesMax) throw new AppError("limit", `${path} holds more than ${filesMax.toLocaleString("en")} files. Import a part of it at a time.`);
  }
  return found.toSorted((a, b) => a.name.localeCompare(b.name));
}

async function walk(root: string, folder: string, found: BillFile[]): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name.startsWith(".") || entry.name.startsWith("_SUCCESS")) continue;
    const path = join(folder, entry.name);
    const real = entry.isSymbolicLink() ? await realpath(path) : path;
    if (real !== root && !real.startsWith(`${root}${sep}`)) throw new AppError("invalid", `${relative(root, path)} leads out of the folder. Point at the files themselves.`);
    const info = await stat(real);
    if (info.isDirectory()) await walk(root, real, found);
    else if (info.isFile()) found.push({ name: relative(root, path).split(sep).join("/"), path: real, bytes: info.size });
  }
}
