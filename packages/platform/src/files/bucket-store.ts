import { createHash } from "node:crypto";
import { AppError } from "@finops/kernel/app-error";
import type { FileStore, StoredFile, WrittenFile } from "./file-store.ts";
import type { Bucket, OpenedObject, Part } from "./bucket.ts";
import { cutParts } from "./s3-parts.ts";
import { createUnfinished } from "./s3-unfinished.ts";
import { noSuchFile, splitStoredName, trimSlash } from "./stored-name.ts";

/** S3 takes 1,024 bytes of a key, and an unfinished file has a word in front of its name. */
const nameBytesMax = 1000;
/** How often a read goes on where the connection broke. */
const breaksMax = 5;

/** A file store in a bucket. An object is there whole or not at all. */
export function createBucketStore(bucket: Bucket): FileStore {
  const get: FileStore["get"] = async (name, range) => {
    if (range !== undefined && range.end <= range.start) {
      if ((await bucket.head(name)) === null) throw noSuchFile(name);
      return nothing();
    }
    const opened = await bucket.open(name, range);
    if (opened === null) throw noSuchFile(name);
    return opened.bytes === 0 ? nothing() : wholeOf(bucket, name, range?.start ?? 0, opened);
  };
  const unfinished = createUnfinished(bucket, get);

  async function find(name: string): Promise<StoredFile | null> {
    const found = await bucket.head(name);
    return found === null ? null : { name, bytes: found.bytes };
  }

  async function listFolder(folder: string): Promise<StoredFile[]> {
    const stored: StoredFile[] = [];
    for await (const { files } of bucket.list(`${folder}/`))
      stored.push(...files.map(({ key, bytes }) => ({ name: key, bytes })));
    return stored;
  }

  async function list(prefix: string): Promise<StoredFile[]> {
    const itself = prefix.endsWith("/") ? null : await find(prefix);
    const stored = [...(itself === null ? [] : [itself]), ...(await listFolder(trimSlash(prefix)))];
    return stored.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  return {
    put: async (name, content) =>
      writeObject(bucket, checked(name), content instanceof Uint8Array ? [content] : content),
    append: async (name, piece, content) => unfinished.append(checked(name), piece, content),
    finish: async (name) => unfinished.finish(checked(name)),
    findUnfinished: async (name) => unfinished.findUnfinished(checked(name)),
    listUnfinished: async (prefix) => (checked(trimSlash(prefix)), unfinished.listUnfinished(prefix)),
    get: async (name, range) => get(checked(name), range),
    find: async (name) => find(checked(name)),
    list: async (prefix) => (checked(trimSlash(prefix)), list(prefix)),
    async listNames(folder) {
      const prefix = `${checked(trimSlash(folder))}/`;
      const names: string[] = [];
      for await (const { files, folders } of bucket.list(prefix, true))
        names.push(...[...files.map(({ key }) => key), ...folders].map((name) => trimSlash(name.slice(prefix.length))));
      return names.toSorted();
    },
    async move(from, to) {
      const found = await bucket.head(checked(from));
      if (found === null) throw noSuchFile(from);
      await bucket.copy(from, checked(to), found.bytes);
      await bucket.delete([from]);
    },
    async delete(name) {
      await unfinished.discard(checked(name));
      await bucket.delete([name]);
    },
    async deleteAll(prefix) {
      checked(trimSlash(prefix));
      for (const { name } of await unfinished.listUnfinished(prefix)) await unfinished.discard(name);
      await bucket.delete((await list(prefix)).map(({ name }) => name));
    },
    localPath: (name) => (checked(name), null),
  };
}

function checked(name: string): string {
  splitStoredName(name);
  if (Buffer.byteLength(name) > nameBytesMax)
    throw new AppError("invalid", `A file has a path of more than ${nameBytesMax} bytes. Shorten it.`);
  return name;
}

/** Writes small content at once and larger content in parts, of which nobody sees any before the last has arrived. */
async function writeObject(
  bucket: Bucket,
  name: string,
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<WrittenFile> {
  const hash = createHash("sha256");
  const cut = cutParts(1);
  const parts: Part[] = [];
  let bytes = 0;
  let uploadId: string | null = null;
  try {
    for await (const chunk of content) {
      hash.update(chunk);
      bytes += chunk.byteLength;
      for (const part of cut.add(chunk)) {
        uploadId ??= await bucket.startUpload(name);
        parts.push(await bucket.uploadPart(name, uploadId, parts.length + 1, part));
      }
    }
    const rest = cut.rest();
    if (uploadId === null) await bucket.put(name, rest);
    else {
      if (rest.byteLength > 0) parts.push(await bucket.uploadPart(name, uploadId, parts.length + 1, rest));
      await bucket.completeUpload(name, uploadId, parts);
    }
  } catch (error) {
    // What cannot be taken back now costs room and is never seen; the bucket's own rule ends it (docs/architecture.md).
    if (uploadId !== null) await bucket.abortUpload(name, uploadId).catch(() => undefined);
    throw error;
  }
  return { name, bytes, sha256: hash.digest("hex") };
}

/** Reads to the end of what was opened, from where the connection broke on, and never another content. */
async function* wholeOf(bucket: Bucket, name: string, start: number, opened: OpenedObject): AsyncGenerator<Uint8Array> {
  const end = start + opened.bytes;
  let at = start;
  let { body } = opened;
  for (let breaks = 0; ; breaks += 1) {
    let cause: unknown;
    try {
      for await (const chunk of body) {
        at += chunk.byteLength;
        yield chunk;
      }
    } catch (error) {
      cause = error;
    }
    if (at === end) return;
    if (breaks === breaksMax || at > end)
      throw new AppError("upstream", "The file store broke off while a file was read. Try again in a minute.", {
        cause,
        internal: `${name}: ${at - start} of ${end - start} bytes`,
      });
    const again = await bucket.open(name, { start: at, end }, opened.etag);
    if (again === null) throw noSuchFile(name);
    body = again.body;
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
