import { readAnswer } from "./api.ts";

export interface DownloadRequest {
  path: string;
  /** What is posted; left out, the file is asked for by its address alone. */
  body?: unknown;
  /** Where the server does not name the file. */
  fileName: string;
  signal: AbortSignal;
  /** Told as bytes come in. `total` is null where the server makes the file while it sends it. */
  onProgress?: (progress: { bytes: number; total: number | null }) => void;
}

/** Chunks are put together to blobs of this size, which a browser moves to disk, so that memory stays small. */
const blobBytes = 8 * 1024 ** 2;

/**
 * Reads a file of any size from the API and hands it to the browser's downloads when it is whole: what was cut off or
 * cancelled leaves no half file behind. Throws `ApiProblem` as `request` does, and `AbortError` when it was cancelled.
 */
export async function download({ path, body, fileName, signal, onProgress }: DownloadRequest): Promise<number> {
  const response = await readAnswer(path, {
    ...(body === undefined ? {} : { method: "POST" as const, body }),
    signal,
    accept: "*/*",
  });
  const length = response.headers.get("content-length");
  const total = length === null || response.headers.has("content-encoding") ? null : Number(length);
  const blobs: Blob[] = [];
  let [chunks, waiting, bytes] = [[] as Uint8Array<ArrayBuffer>[], 0, 0];
  const reader = response.body!.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    waiting += value.length;
    bytes += value.length;
    onProgress?.({ bytes, total });
    if (waiting < blobBytes) continue;
    blobs.push(new Blob(chunks));
    [chunks, waiting] = [[], 0];
  }
  const type = response.headers.get("content-type") ?? "application/octet-stream";
  saveBlob(new Blob([...blobs, ...chunks], { type }), nameOf(response) ?? fileName);
  return bytes;
}

/** The name that the server gives the file (RFC 6266), its encoded form first. */
export function nameOf(response: Response): string | null {
  const header = response.headers.get("content-disposition") ?? "";
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(header)?.[1];
  if (encoded !== undefined) return decodeURIComponent(encoded);
  return /filename="([^"]+)"/i.exec(header)?.[1] ?? null;
}

export function saveBlob(blob: Blob, fileName: string): void {
  const url = URL.createObjectURL(blob);
  const link = Object.assign(document.createElement("a"), { href: url, download: fileName });
  link.click();
  // The browser reads it after this turn.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
