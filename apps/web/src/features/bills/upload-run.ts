import { create } from "zustand";
import { request } from "../../lib/api.ts";
import type { PickedFile } from "./picked-files.ts";
import { forgetUpload, openOrResume, sendFiles } from "./send-files.ts";

/** An upload on its way; null when there is none. It lives outside the page, so that looking elsewhere does not end it. */
export interface UploadRun {
  files: number;
  bytes: number;
  bytesSent: number;
  bytesPerSecond: number;
  fileName: string;
  /** The connection broke and is tried again; nothing that was sent is lost. */
  isBroken: boolean;
}

export const useUploadRun = create<{ run: UploadRun | null }>()(() => ({ run: null }));

let stopping: AbortController | null = null;

export function cancelUpload(): void {
  stopping?.abort();
}

/**
 * Sends the files up and returns the id of their import, which waits for its start. Throws `ApiProblem`, or an AbortError
 * when it is cancelled; then what was sent is taken back.
 */
export async function runUpload(files: readonly PickedFile[]): Promise<string> {
  const stop = new AbortController();
  stopping = stop;
  const bytes = files.reduce((total, { file }) => total + file.size, 0);
  const rate = rateMeter();
  const show = (change: Partial<UploadRun>) =>
    useUploadRun.setState(({ run }) => ({ run: run === null ? null : { ...run, ...change } }));
  useUploadRun.setState({
    run: {
      files: files.length,
      bytes,
      bytesSent: 0,
      bytesPerSecond: 0,
      fileName: files[0]?.path ?? "",
      isBroken: false,
    },
  });
  let id: string | null = null;
  try {
    id = await openOrResume(files, stop.signal);
    await sendFiles(id, files, {
      signal: stop.signal,
      onSent: (bytesSent, fileName) => show({ bytesSent, fileName, bytesPerSecond: rate(bytesSent) }),
      onBroken: (isBroken) => show({ isBroken }),
    });
    return id;
  } catch (error) {
    if (stop.signal.aborted && id !== null) {
      forgetUpload(id);
      await request(`/api/v1/imports/${id}/cancel`, { method: "POST" }).catch(() => undefined);
    }
    throw error;
  } finally {
    stopping = null;
    useUploadRun.setState({ run: null });
  }
}

/** Bytes a second over the last seconds; what was there before this page began does not count. */
function rateMeter(windowMs = 5000): (bytes: number) => number {
  const seen: { at: number; bytes: number }[] = [];
  return (bytes) => {
    const at = performance.now();
    seen.push({ at, bytes });
    while (seen.length > 2 && at - seen[0]!.at > windowMs) seen.shift();
    const first = seen[0]!;
    return at - first.at < 300 ? 0 : Math.max(0, ((bytes - first.bytes) * 1000) / (at - first.at));
  };
}
