import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Files that are not code, and the program of the engine's processes: beside the bundle, or in the source tree. */
export interface Paths {
  /** The checkout. */
  root: string;
  migrations: string;
  engineProcess: string;
  /** The built web app; null when it was not built. */
  web: string | null;
}

export function findPaths(): Paths {
  const here = dirname(fileURLToPath(import.meta.url));
  const bundled = join(here, "engine-process.js");
  // Both apps/*/dist and apps/*/src lie two folders below the root.
  const root = join(here, "../../..");
  const web = join(root, "apps/web/dist");
  return {
    root,
    migrations: join(root, "packages/platform/prisma/migrations"),
    engineProcess: existsSync(bundled) ? bundled : join(root, "packages/pipeline/src/engine/engine-process.ts"),
    web: existsSync(join(web, "index.html")) ? web : null,
  };
}
