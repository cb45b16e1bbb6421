import type { ImportJob, UploadedFile } from "@finops/capabilities/sources/contract";
import { ApiProblem, request, upload } from "../../lib/api.ts";
import { backoff } from "../../lib/live.ts";
import type { PickedFile } from "./picked-files.ts";

const pieceBytes = 8 * 1024 * 1024;
const atOnceMax = 3;
const wrongPiecesMax = 3;

export interface Sending {
  signal: AbortSignal;
  /** How much of all files is there by now. */
  onSent: (bytes: number, fileName: string) => void;
  /** The connection is gone and is tried again (true), or is back (false). */
  onBroken: (isBroken: boolean) => void;
}

/** Sends files of an import piece by piece, several at a time, going on wherever each of them ended before. */
export async function sendFiles(importId: string, files: readonly PickedFile[], sending: Sending): Promise<void> {
  const there = new Map<PickedFile, number>();
  const queue = [...files];
  const stop = new AbortController();
  const signal = AbortSignal.any([sending.signal, stop.signal]);
  const tell = (picked: PickedFile, bytes: number) => {
    there.set(picked, bytes);
    sending.onSent(
      [...there.values()].reduce((sum, sent) => sum + sent, 0),
      picked.path,
    );
  };
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const picked = next;
      await sendFile(importId, picked, { ...sending, signal, onSent: (bytes) => tell(picked, bytes) });
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(atOnceMax, files.length) }, worker));
  } finally {
    stop.abort();
  }
}

async function sendFile(
  importId: string,
  { path, file }: PickedFile,
  { signal, onSent, onBroken }: Omit<Sending, "onSent"> & { onSent: (bytes: number) => void },
): Promise<void> {
  const address = `/api/v1/imports/${importId}/file?name=${encodeURIComponent(path)}`;
  let failures = 0;
  let wrongPieces = 0;
  let state: UploadedFile | null = null;
  for (;;) {
    try {
      state ??= await request<UploadedFile>(address, { signal });
      // Another file of that name was sent before: it cannot be gone on with.
      if (state.bytes > file.size || (state.isComplete && state.bytes !== file.size)) {
        await request(address, { method: "DELETE", signal });
        state = await request<UploadedFile>(address, { signal });
      }
      onSent(state.bytes);
      while (!state.isComplete) {
        state = await sendPiece(address, file, state.bytes, { signal, onSent });
        if (failures > 0) onBroken(false);
        failures = 0;
      }
      return;
    } catch (error) {
      if (signal.aborted || !(error instanceof ApiProblem)) throw error;
      if (error.code === "invalid" && "offset" in error.facts) wrongPieces += 1;
      if (!mayGoOn(error) || wrongPieces > wrongPiecesMax) throw error;
      // Whatever broke, the server knows how much came.
      state = null;
      failures += 1;
      onBroken(true);
      await wait(backoff(Math.min(failures, 6)), signal);
    }
  }
}

async function sendPiece(
  address: string,
  file: File,
  offset: number,
  { signal, onSent }: { signal: AbortSignal; onSent: (bytes: number) => void },
): Promise<UploadedFile> {
  const piece = file.slice(offset, offset + pieceBytes);
  const digest = await digestOf(piece);
  await upload(address, piece, {
    signal,
    onSent: (bytes) => onSent(offset + Math.min(bytes, piece.size)),
    headers: {
      "Upload-Offset": String(offset),
      "Upload-Length": String(file.size),
      ...(digest === null ? {} : { "Content-Digest": digest }),
      ...(digest === null || piece.size < file.size ? {} : { "Repr-Digest": digest }),
    },
  });
  const bytes = offset + piece.size;
  return { name: file.name, bytes, length: file.size, isComplete: bytes === file.size, sha256: null };
}

/** A broken line, a server that restarts, a piece that arrived wrong or elsewhere: all pass. A full disk does not. */
function mayGoOn(problem: ApiProblem): boolean {
  return (
    ["offline", "upstream", "internal"].includes(problem.code) ||
    problem.code === "conflict" ||
    "offset" in problem.facts
  );
}

/** Null where the browser has no digests, as on a page that came without encryption from another machine. */
async function digestOf(piece: Blob): Promise<string | null> {
  if (!isSecureContext) return null;
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await piece.arrayBuffer()));
  return `sha-256=:${btoa(String.fromCodePoint(...hash))}:`;
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}

const rememberedKey = "upload";
type Remembered = { id: string; files: string };

/** The import that these very files belong to, if they were being sent when the page was left; else a new one. */
export async function openOrResume(files: readonly PickedFile[], signal: AbortSignal): Promise<string> {
  const remembered = readRemembered();
  if (remembered !== null && remembered.files === markOf(files)) {
    const known = await request<ImportJob>(`/api/v1/imports/${remembered.id}`, { signal }).catch((error: unknown) => {
      if (error instanceof ApiProblem && error.code === "not_found") return null;
      throw error;
    });
    if (known?.state === "open") return known.id;
  }
  const { id } = await request<ImportJob>("/api/v1/imports", { method: "POST", signal });
  localStorage.setItem(rememberedKey, JSON.stringify({ id, files: markOf(files) } satisfies Remembered));
  return id;
}

export function forgetUpload(id: string): void {
  if (readRemembered()?.id === id) localStorage.removeItem(rememberedKey);
}

function readRemembered(): Remembered | null {
  try {
    return JSON.parse(localStorage.getItem(rememberedKey) ?? "null") as Remembered | null;
  } catch {
    return null;
  }
}

/** The same names, sizes and times of change are taken for the same files. */
function markOf(files: readonly PickedFile[]): string {
  const marks = files.map(({ path, file }) => JSON.stringify([path, file.size, file.lastModified]));
  return marks.toSorted((a, b) => (a < b ? -1 : 1)).join("\n");
}
