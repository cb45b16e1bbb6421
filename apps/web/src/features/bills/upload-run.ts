import type { ImportJob, ImportOptions } from "@finops/capabilities/sources/contract";
import { useSyncExternalStore } from "react";
import { request, upload } from "../../lib/api.ts";
import type { PickedFile } from "./picked-files.ts";

/** An upload on its way; null when there is none. It lives outside the page, so that looking elsewhere does not end it. */
export interface UploadRun {
  files: number;
  bytes: number;
  bytesSent: number;
  bytesPerSecond: number;
  fileName: string;
}

let current: { run: UploadRun; stop: AbortController } | null = null;
const listeners = new Set<() => void>();

export function useUploadRun(): UploadRun | null {
  return useSyncExternalStore(subscribe, () => current?.run ?? null);
}

export function cancelUpload(): void {
  current?.stop.abort();
}

/** Sends the files up one by one and starts their import. Throws `ApiProblem`, or an AbortError when it is cancelled. */
export async function runUpload(files: readonly PickedFile[], options: ImportOptions): Promise<ImportJob> {
  const stop = new AbortController();
  const started = performance.now();
  const bytes = files.reduce((total, { file }) => total + file.size, 0);
  const show = (bytesSent: number, fileName: string) => {
    const seconds = (performance.now() - started) / 1000;
    current = {
      stop,
      run: { files: files.length, bytes, bytesSent, bytesPerSecond: seconds > 0.5 ? bytesSent / seconds : 0, fileName },
    };
    tell();
  };
  try {
    show(0, files[0]?.path ?? "");
    const job = await request<ImportJob>("/api/v1/imports", { method: "POST", signal: stop.signal });
    let done = 0;
    for (const { path, file } of files) {
      const before = done;
      await upload(`/api/v1/imports/${job.id}/file?name=${encodeURIComponent(path)}`, file, {
        onSent: (sent) => show(before + sent, path),
        signal: stop.signal,
      });
      done += file.size;
    }
    return await request<ImportJob>(`/api/v1/imports/${job.id}/start`, {
      method: "POST",
      body: options,
      signal: stop.signal,
    });
  } finally {
    current = null;
    tell();
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(): void {
  for (const listener of listeners) listener();
}
