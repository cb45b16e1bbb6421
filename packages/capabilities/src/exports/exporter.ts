import type { Context } from "@finops/platform/tenancy/context";
import type { ExportRequestInput } from "./contract.ts";

/** Writes exports, on hosts that have an engine and a disk for it. */
export interface Exporter {
  /** An export as a stream. What is wrong is thrown before the first byte; nothing of it stays on the machine. */
  download(ctx: Context, input: ExportRequestInput, signal?: AbortSignal): Promise<ExportDownload>;
}

export interface ExportDownload {
  fileName: string;
  contentType: string;
  bytes: number;
  rows: number;
  /** True when the file holds a part of the company's costs only. */
  isScoped: boolean;
  body: ReadableStream<Uint8Array>;
}
