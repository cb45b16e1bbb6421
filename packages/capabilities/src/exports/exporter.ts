import type { Context } from "@finops/platform/tenancy/context";
import type { ExportRequestInput } from "./contract.ts";

/** Writes exports: whole files where there is an engine and a disk for it (service.ts), else a stream (streamed-exporter.ts). */
export interface Exporter {
  /** An export as a stream. What is wrong is thrown before the first byte; nothing of it stays on the machine. */
  download(ctx: Context, input: ExportRequestInput, options?: ExportOptions): Promise<ExportDownload>;
}

export interface ExportOptions {
  signal?: AbortSignal | undefined;
  /** Of the publication log, for what is to be read as it was told before; left out, what the request names. */
  position?: string;
}

export interface ExportDownload {
  fileName: string;
  contentType: string;
  /** Null where it is known only when all is sent. */
  bytes: number | null;
  rows: number;
  /** True when the file holds a part of the company's costs only. */
  isScoped: boolean;
  body: ReadableStream<Uint8Array>;
}
