import type { R2Bucket, R2ObjectBody } from "@cloudflare/workers-types";
import { AppError } from "@finops/kernel/app-error";
import type { Bucket } from "./bucket.ts";
import { busyFile } from "./piece-guard.ts";

const deletedAtOnce = 1000;
/** A Worker has 128 MB. */
const copiedAtOnce = 16 * 1024 ** 2;

/** A bucket of R2 as a Worker is bound to it, without keys and without HTTP. */
export function openR2Bucket(r2: R2Bucket): Bucket {
  const told = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (error) {
      throw toStoreError(error);
    }
  };
  return {
    async head(key) {
      const found = await told(r2.head(key));
      return found === null ? null : { bytes: found.size, changedAt: found.uploaded };
    },
    async put(key, body) {
      await told(r2.put(key, plain(body)));
    },
    async replace(key, body, before) {
      const onlyIf = before === null ? { etagDoesNotMatch: "*" } : { etagMatches: before };
      const written = await told(r2.put(key, plain(body), { onlyIf }));
      if (written === null) throw busyFile();
      return written.etag;
    },
    async open(key, range, etag) {
      if (range !== undefined) {
        const whole = await told(r2.head(key));
        if (whole === null) return null;
        if (range.start >= whole.size) return { body: nothing(), bytes: 0, etag: whole.etag };
      }
      const found = await told(
        r2.get(key, {
          ...(range === undefined ? {} : { range: { offset: range.start, length: range.end - range.start } }),
          ...(etag === undefined ? {} : { onlyIf: { etagMatches: etag } }),
        }),
      );
      if (found === null) return null;
      // Without a body, the condition did not hold.
      if (!("body" in found)) throw toStoreError(new Error("the object was replaced while it was read"));
      return { body: chunksOf(found), bytes: bytesOf(found), etag: found.etag };
    },
    startUpload: async (key) => (await told(r2.createMultipartUpload(key))).uploadId,
    async uploadPart(key, uploadId, number, body) {
      const { etag } = await told(r2.resumeMultipartUpload(key, uploadId).uploadPart(number, plain(body)));
      return { etag, bytes: body.byteLength };
    },
    async completeUpload(key, uploadId, parts) {
      const numbered = parts.map(({ etag }, index) => ({ etag, partNumber: index + 1 }));
      await told(r2.resumeMultipartUpload(key, uploadId).complete(numbered));
    },
    async abortUpload(key, uploadId) {
      await told(
        r2
          .resumeMultipartUpload(key, uploadId)
          .abort()
          .catch((error: unknown) => {
            if (nameOf(error) !== "NoSuchUpload") throw error;
          }),
      );
    },
    async *list(prefix, isOneStep = false) {
      let cursor: string | undefined;
      do {
        const page = await told(
          r2.list({
            prefix,
            ...(isOneStep ? { delimiter: "/" } : {}),
            ...(cursor === undefined ? {} : { cursor }),
          }),
        );
        yield {
          files: page.objects.map(({ key, size }) => ({ key, bytes: size })),
          folders: page.delimitedPrefixes,
        };
        cursor = page.truncated ? page.cursor : undefined;
      } while (cursor !== undefined);
    },
    // R2 copies nothing by itself for a Worker, so the bytes pass through it, a part at a time.
    async copy(from, to, bytes) {
      const read = async (offset: number) => {
        const part = await r2.get(from, { range: { offset, length: Math.min(copiedAtOnce, bytes - offset) } });
        if (part === null) throw new Error("the object is gone");
        return part.arrayBuffer();
      };
      await told(bytes <= copiedAtOnce ? putWhole(r2, to, bytes, read) : putInParts(r2, to, bytes, read));
    },
    async delete(keys) {
      for (let first = 0; first < keys.length; first += deletedAtOnce)
        await told(r2.delete(keys.slice(first, first + deletedAtOnce)));
    },
  };
}

async function putWhole(r2: R2Bucket, key: string, bytes: number, read: (at: number) => Promise<ArrayBuffer>) {
  await r2.put(key, bytes === 0 ? new Uint8Array() : await read(0));
}

async function putInParts(r2: R2Bucket, key: string, bytes: number, read: (at: number) => Promise<ArrayBuffer>) {
  const upload = await r2.createMultipartUpload(key);
  try {
    const parts = [];
    for (let at = 0; at < bytes; at += copiedAtOnce)
      parts.push(await upload.uploadPart(parts.length + 1, await read(at)));
    await upload.complete(parts);
  } catch (error) {
    await upload.abort().catch(() => undefined);
    throw error;
  }
}

/** The same bytes, not as a Buffer, which bindings need not know. */
function plain({ buffer, byteOffset, byteLength }: Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function bytesOf({ range, size }: R2ObjectBody): number {
  return range !== undefined && "length" in range && range.length !== undefined ? range.length : size;
}

async function* chunksOf({ body }: R2ObjectBody): AsyncGenerator<Uint8Array> {
  for await (const chunk of body as AsyncIterable<Uint8Array>) yield chunk;
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** The name that S3 gives what R2 tells by a number at the end of its message. */
function nameOf(error: unknown): string | null {
  const number = /\((\d+)\)\s*$/.exec(error instanceof Error ? error.message : "")?.[1];
  return number === undefined ? null : (names[number] ?? null);
}

const names: Record<string, string> = { "10024": "NoSuchUpload", "10025": "InvalidPart", "10048": "InvalidPart" };

function toStoreError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const cause = error instanceof Error ? error : new Error(String(error));
  const internal = cause.message;
  const name = nameOf(error);
  if (name !== null) cause.name = name;
  return new AppError("upstream", "The file store does not answer. Try again in a minute.", { cause, internal });
}
