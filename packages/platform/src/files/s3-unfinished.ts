import { createHash, type Hash, randomUUID } from "node:crypto";
import { buffer, json } from "node:stream/consumers";
import { AppError } from "@finops/kernel/app-error";
import * as z from "zod";
import type { FileStore, UnfinishedFile, WrittenFile } from "./file-store.ts";
import { createPieceGuard, requireOffset, wrongPiece } from "./piece-guard.ts";
import type { Bucket } from "./bucket.ts";
import { isS3Error } from "./s3-errors.ts";
import { cutParts } from "./s3-parts.ts";
import { noSuchFile, trimSlash } from "./stored-name.ts";

/**
 * What is there of a file that comes in pieces: whole parts of a multipart upload, which no reader sees, and the bytes behind
 * them, which are too few for a part, as an object of their own. `writeId` tells our own write from another's.
 */
const State = z.object({
  writeId: z.string(),
  uploadId: z.string().nullable(),
  parts: z.array(z.object({ etag: z.string(), bytes: z.number() })),
  rest: z.object({ key: z.string(), bytes: z.number() }).nullable(),
});
type State = z.infer<typeof State>;

interface KnownState {
  state: State;
  etag: string;
}

const empty: State = { writeId: "", uploadId: null, parts: [], rest: null };
const statesFolder = ".unfinished/";

type Unfinished = Pick<FileStore, "append" | "finish" | "findUnfinished" | "listUnfinished"> & {
  discard(name: string): Promise<void>;
};

/**
 * The unfinished files of a bucket. The state is written only over the state that was read, so of two writers in two processes
 * one is refused, and what was acknowledged stays.
 */
export function createUnfinished(bucket: Bucket, readWhole: FileStore["get"]): Unfinished {
  const guard = createPieceGuard();

  async function read(name: string): Promise<KnownState | null> {
    const opened = await bucket.open(statesFolder + name);
    return opened === null ? null : { state: State.parse(await json(opened.body)), etag: opened.etag };
  }

  async function write(name: string, state: State, before: string | null): Promise<KnownState> {
    const written = { ...state, writeId: randomUUID() };
    const body = new TextEncoder().encode(JSON.stringify(written));
    try {
      return { state: written, etag: await bucket.replace(statesFolder + name, body, before) };
    } catch (error) {
      // A write whose answer was lost is sent again, and then meets itself.
      const there = error instanceof AppError && error.code === "conflict" ? await read(name) : null;
      if (there?.state.writeId !== written.writeId) throw error;
      return there;
    }
  }

  async function readRest({ rest }: State): Promise<Uint8Array> {
    if (rest === null) return new Uint8Array();
    const bytes = await buffer(await readWhole(rest.key));
    if (bytes.byteLength !== rest.bytes) throw new AppError("internal", "A part of the file is missing in the store.");
    return bytes;
  }

  async function findUnfinished(name: string): Promise<UnfinishedFile | null> {
    const [found, known] = [await bucket.head(statesFolder + name), await read(name)];
    return found === null || known === null ? null : { name, bytes: bytesOf(known.state), changedAt: found.changedAt };
  }

  async function addPart(name: string, known: KnownState, part: Uint8Array): Promise<KnownState> {
    const { state } = known;
    const uploadId = state.uploadId ?? (await bucket.startUpload(name));
    const uploaded = await bucket.uploadPart(name, uploadId, state.parts.length + 1, part);
    return write(name, { ...state, uploadId, parts: [...state.parts, uploaded], rest: null }, known.etag);
  }

  async function keepRest(name: string, known: KnownState, bytes: Uint8Array): Promise<KnownState> {
    const rest =
      bytes.byteLength === 0 ? null : { key: `${restsFolder(name)}${randomUUID()}`, bytes: bytes.byteLength };
    if (rest !== null) await bucket.put(rest.key, bytes);
    return write(name, { ...known.state, rest }, known.etag);
  }

  async function discard(name: string): Promise<void> {
    guard.forget(name);
    const known = await read(name);
    const uploadId = known?.state.uploadId ?? null;
    if (uploadId !== null) await bucket.abortUpload(name, uploadId);
    if (known !== null) await clear(name);
  }

  /** The state goes last: with it, whatever comes between can be cleared again. */
  async function clear(name: string): Promise<void> {
    for await (const { files } of bucket.list(restsFolder(name))) await bucket.delete(files.map((file) => file.key));
    await bucket.delete([statesFolder + name]);
  }

  async function complete(name: string, { state }: KnownState): Promise<void> {
    const rest = await readRest(state);
    if (state.uploadId === null) return bucket.put(name, rest);
    const parts = [...state.parts];
    if (rest.byteLength > 0) parts.push(await bucket.uploadPart(name, state.uploadId, parts.length + 1, rest));
    try {
      await bucket.completeUpload(name, state.uploadId, parts);
    } catch (error) {
      const cause = error instanceof AppError ? error.cause : error;
      // Completed before, by a finish whose answer was lost or that died.
      if (isS3Error(cause, "NoSuchUpload") && (await bucket.head(name))?.bytes === bytesOf(state)) return;
      if (!isS3Error(cause, "InvalidPart", "NoSuchUpload")) throw error;
      await discard(name);
      throw new AppError("conflict", "Two were sending this file at once. Send it again from the start.", {
        facts: { offset: 0 },
        cause,
      });
    }
  }

  return {
    findUnfinished,
    discard,
    append: (name, { offset, sha256 }, content) =>
      guard.alone(name, async () => {
        const before = (await read(name)) ?? (await write(name, empty, null));
        requireOffset(bytesOf(before.state), offset);
        const whole = guard.hashUpTo(name, offset);
        const ofPiece = createHash("sha256");
        const cut = cutParts(before.state.parts.length + 1, await readRest(before.state));
        let known = before;
        let broken: { error: unknown } | null = null;
        // An error of the sender ends the content, and what came counts; one of the store leaves what was written before.
        for await (const chunk of untilBreak(content, (error) => (broken = { error }))) {
          for (const hash of [whole, ofPiece]) hash?.update(chunk);
          for (const part of cut.add(chunk)) known = await addPart(name, known, part);
        }
        known = await keepRest(name, known, cut.rest());
        rememberHash(guard, name, whole, bytesOf(known.state));
        if (broken !== null) throw (broken as { error: unknown }).error;
        if (sha256 !== undefined && ofPiece.digest("hex") !== sha256) {
          guard.forget(name);
          await write(name, { ...before.state, uploadId: known.state.uploadId }, known.etag);
          if (known.state.rest !== null) await bucket.delete([known.state.rest.key]);
          throw wrongPiece(offset);
        }
        if (before.state.rest !== null) await bucket.delete([before.state.rest.key]);
        return (await findUnfinished(name))!;
      }),
    finish: (name) =>
      guard.alone(name, async (): Promise<WrittenFile> => {
        const known = await read(name);
        if (known === null) throw noSuchFile(name);
        await complete(name, known);
        const bytes = bytesOf(known.state);
        const hash = guard.hashUpTo(name, bytes) ?? (await hashOf(await readWhole(name)));
        await clear(name);
        guard.forget(name);
        return { name, bytes, sha256: hash.digest("hex") };
      }),
    async listUnfinished(prefix) {
      const names: string[] = [];
      const folder = statesFolder + trimSlash(prefix);
      for await (const { files } of bucket.list(`${folder}/`))
        names.push(...files.map((file) => file.key.slice(statesFolder.length)));
      if (!prefix.endsWith("/")) names.push(prefix);
      const found = await Promise.all(names.toSorted().map(findUnfinished));
      return found.filter((file) => file !== null);
    },
  };
}

function bytesOf({ parts, rest }: State): number {
  return parts.reduce((sum, part) => sum + part.bytes, rest?.bytes ?? 0);
}

/** By hash, so that no name of a file is the folder of another's. */
function restsFolder(name: string): string {
  return `.rests/${createHash("sha256").update(name).digest("hex")}/`;
}

function rememberHash(
  guard: ReturnType<typeof createPieceGuard>,
  name: string,
  hash: Hash | null,
  bytes: number,
): void {
  if (hash === null) guard.forget(name);
  else guard.remember(name, hash, bytes);
}

async function hashOf(content: AsyncIterable<Uint8Array>): Promise<Hash> {
  const hash = createHash("sha256");
  for await (const chunk of content) hash.update(chunk);
  return hash;
}

async function* untilBreak(
  content: AsyncIterable<Uint8Array>,
  onBreak: (error: unknown) => void,
): AsyncGenerator<Uint8Array> {
  try {
    yield* content;
  } catch (error) {
    onBreak(error);
  }
}
