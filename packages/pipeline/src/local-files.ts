import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { extname } from "node:path/posix";
import { pipeline } from "node:stream/promises";
import { newId } from "@finops/kernel/id";
import type { FileStore } from "@finops/platform/files/file-store";
import type { PipelineHost } from "./pipeline-host.ts";

/** Files that are fetched at the same time: each waits for the network most of its time. */
const fetchedAtOnce = 4;

/**
 * Runs work on stored files as files of this machine, for the engine reads nothing else: in place where the store is a folder,
 * else as copies in the work folder, which go with the work.
 */
export async function withLocalFiles<T>(
  files: FileStore,
  { workDir }: Pick<PipelineHost, "workDir">,
  names: readonly string[],
  work: (paths: readonly string[]) => Promise<T>,
): Promise<T> {
  const inPlace = names.map((name) => files.localPath(name)).filter((path) => path !== null);
  if (inPlace.length === names.length) return work(inPlace);
  const folder = join(workDir, `fetched-${newId()}`);
  await mkdir(folder, { recursive: true });
  try {
    const copies = names.map((name, index) => ({ name, path: join(folder, `${index}${extname(name).slice(0, 20)}`) }));
    for (let first = 0; first < copies.length; first += fetchedAtOnce)
      await Promise.all(
        copies
          .slice(first, first + fetchedAtOnce)
          .map(async ({ name, path }) =>
            pipeline(await files.get(name), createWriteStream(path, { flags: "wx", mode: 0o600 })),
          ),
      );
    return await work(copies.map(({ path }) => path));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs work on the Parquet files below prefixes of the lake, prefix by prefix. */
export async function withLakeFiles<T>(
  files: FileStore,
  pipelineHost: Pick<PipelineHost, "workDir">,
  prefixes: readonly string[],
  work: (paths: readonly (readonly string[])[]) => Promise<T>,
): Promise<T> {
  const listed = await Promise.all(
    prefixes.map(async (prefix) =>
      (await files.list(`${prefix}/`)).map(({ name }) => name).filter((name) => name.endsWith(".parquet")),
    ),
  );
  return withLocalFiles(files, pipelineHost, listed.flat(), (paths) => {
    let taken = 0;
    return work(listed.map(({ length }) => paths.slice(taken, (taken += length))));
  });
}
