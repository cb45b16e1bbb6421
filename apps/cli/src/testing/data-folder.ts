import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { silentLog } from "@finops/platform/observe/log";
import { openEmbeddedHost } from "@finops/server/embedded-host";
import type { ServerHost } from "@finops/server/host-parts";
import { findPaths } from "@finops/server/paths";

/** A folder of a test's own, with a data folder in it that PostgreSQL's own user can reach. */
export interface TestFolder {
  root: string;
  /** To give to `--data`. */
  data: string;
  /** Writes a file below the folder and returns its path. */
  write(name: string, content: string): Promise<string>;
  /** Opens the data folder as a server does. */
  open(purpose?: string): Promise<ServerHost>;
  remove(): Promise<void>;
}

export async function createTestFolder(): Promise<TestFolder> {
  const root = await mkdtemp(join(tmpdir(), "finops-cli-"));
  // PostgreSQL does not run as root, so its own user must be able to walk into the folder.
  await chmod(root, 0o711);
  const data = join(root, "data");
  return {
    root,
    data,
    async write(name, content) {
      const path = join(root, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
      return path;
    },
    open: (purpose = "test") =>
      openEmbeddedHost({
        dataDir: data,
        purpose,
        log: silentLog,
        baseUrl: "http://localhost:3000",
        paths: findPaths(),
      }),
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
