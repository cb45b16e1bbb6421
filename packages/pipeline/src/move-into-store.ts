import { createReadStream } from "node:fs";
import { mkdir, open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import type { FileStore } from "@finops/platform/files/file-store";

/**
 * Brings a finished file of this machine into the store under a name: by renaming it where the store is a folder on the same
 * disk, else by copying. The file is durable when this returns.
 */
export async function moveIntoStore(files: FileStore, path: string, name: string): Promise<void> {
  const target = files.localPath(name);
  if (target === null || !(await renamed(path, target))) await files.put(name, createReadStream(path));
}

async function renamed(path: string, target: string): Promise<boolean> {
  await sync(path);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  try {
    await rename(path, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EXDEV") return false;
    throw error;
  }
  await sync(dirname(target));
  return true;
}

async function sync(path: string): Promise<void> {
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
