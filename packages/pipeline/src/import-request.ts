import type { BillFile } from "./landing/list-bill-files.ts";
import type { ImportProgress } from "./import-report.ts";

export interface ImportRequest {
  files: readonly BillFile[];
  /** A format's id, where detection shall not decide. */
  format?: string;
  /** A user's own column mapping, for format `csv`. */
  definition?: unknown;
  assume?: Readonly<Record<string, string>>;
  sourceName?: string;
  /** From that day on, this source replaces another one that has the same accounts. */
  takesOver?: { source: string; from: string };
}

export interface ImportHooks {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: ImportProgress) => void) | undefined;
  workItemId?: string | undefined;
}
