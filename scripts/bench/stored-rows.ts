import { createApiKey } from "@finops/platform/identity/api-keys";
import { importFolder, openBenchHost } from "./bench-host.ts";

/** A data folder with one company and its costs, closed: a bench opens it, or starts a server on it. */
export interface StoredRows {
  dataDir: string;
  rows: number;
  /** The month of the bills; half open. */
  period: { start: string; end: string };
  /** An API key that may read costs. */
  key: string;
}

/** Imports a folder of bills into a new data folder. */
export async function storeRows(dataDir: string, bills: string): Promise<StoredRows> {
  const host = await openBenchHost(dataDir);
  try {
    const { rows } = await importFolder(host, bills);
    const { key } = await createApiKey(host.ctx, { name: "bench", permissions: ["costs:read"] });
    return { dataDir, rows, period: { start: "2026-10-01", end: "2026-11-01" }, key };
  } finally {
    await host.embedded.close();
  }
}
