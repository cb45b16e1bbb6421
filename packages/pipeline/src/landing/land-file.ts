import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { Transform, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { AppError } from "@finops/kernel/app-error";
import { diskFullError } from "@finops/kernel/disk-full";
import { readFileShape, type FileShape } from "./read-header.ts";

export interface LandInput {
  path: string;
  /** What people call the file: its path below the folder that was given. */
  name: string;
  /** Where the copy goes, and, for text that is not UTF-8, the copy that is read. */
  target: string;
  readable: string;
}

export interface LandedCopy {
  name: string;
  sha256: string;
  bytes: number;
  shape: FileShape;
  /** The unchanged copy. */
  rawPath: string;
  /** The file to read: the unchanged copy, or one in UTF-8. */
  path: string;
}

/** Bills unpack to 5 to 60 times their size. Small files may be emptier than that. */
const expansionMax = 200;
const unpackedFreeBytes = 64 * 1024 * 1024;

/**
 * Copies a file unchanged while hashing it, and reads a gzip to its end: DuckDB would take a cut one for a short one.
 * Throws `invalid` when the file is cut, corrupt, changes meanwhile or unpacks to an absurd size, and removes nothing.
 */
export async function landFile(
  input: LandInput,
  onBytes: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<LandedCopy> {
  const before = await statFile(input);
  const shape = await readFileShape(input.path, input.name);
  if (shape.kind === "parquet") await checkParquetEnd(input, before.size);
  const hash = createHash("sha256");
  const gunzip = shape.kind !== "parquet" && shape.gzip ? checkGzip(input.name, before.size) : null;
  const tee = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      onBytes(chunk.length);
      if (gunzip === null || gunzip.stream.write(chunk)) done(null, chunk);
      else gunzip.stream.once("drain", () => done(null, chunk));
    },
    flush(done) {
      gunzip?.stream.end();
      done();
    },
  });
  const copying = pipeline(
    createReadStream(input.path, { highWaterMark: 1 << 20 }),
    tee,
    createWriteStream(input.target, { flush: true }),
    signal === undefined ? {} : { signal },
  );
  await Promise.all([
    copying,
    gunzip?.done.catch((error: unknown) => {
      tee.destroy();
      throw error;
    }),
  ]).catch((error: unknown) => {
    throw landingError(error, input.name);
  });
  const after = await statFile(input);
  if (after.size !== before.size || after.mtimeMs !== before.mtimeMs)
    throw new AppError(
      "invalid",
      `${input.name} changed while it was read. Wait until it is written, and import it again.`,
    );
  const needsCopy = shape.kind === "csv" && shape.encoding !== "utf-8";
  if (needsCopy) {
    await writeAsUtf8(input, shape).catch((error: unknown) => {
      throw landingError(error, input.name);
    });
  }
  return {
    name: input.name,
    sha256: hash.digest("hex"),
    bytes: before.size,
    shape: needsCopy ? { ...shape, gzip: false, encoding: "utf-8" } : shape,
    rawPath: input.target,
    path: needsCopy ? input.readable : input.target,
  };
}

async function statFile(input: LandInput): Promise<{ size: number; mtimeMs: number }> {
  try {
    return await stat(input.path);
  } catch {
    throw new AppError("not_found", `${input.name} is not there or cannot be read.`, { internal: input.path });
  }
}

/** A Parquet file ends with its magic; without it the copy was cut, and nothing of it can be read. */
async function checkParquetEnd(input: LandInput, size: number): Promise<void> {
  const file = await open(input.path, "r");
  try {
    const end = Buffer.alloc(4);
    await file.read(end, 0, 4, Math.max(0, size - 4));
    if (size < 12 || end.toString("latin1") !== "PAR1")
      throw new AppError(
        "invalid",
        `${input.name} is cut off: it does not end like a Parquet file. Download it again.`,
      );
  } finally {
    await file.close();
  }
}

function checkGzip(
  name: string,
  compressedBytes: number,
): { stream: ReturnType<typeof createGunzip>; done: Promise<void> } {
  // By default a gzip comes out in pieces of 16 KiB, each a trip between threads.
  const stream = createGunzip({ chunkSize: 1 << 20 });
  let unpacked = 0;
  const limit = Math.max(compressedBytes * expansionMax, unpackedFreeBytes);
  const count = new Writable({
    write(chunk: Buffer, _encoding, done) {
      unpacked += chunk.length;
      done(
        unpacked > limit
          ? new AppError(
              "invalid",
              `${name} unpacks to more than ${expansionMax} times its size. That is no bill; it was not imported.`,
            )
          : null,
      );
    },
  });
  return { stream, done: pipeline(stream, count) };
}

async function writeAsUtf8(input: LandInput, shape: Extract<FileShape, { kind: "csv" }>): Promise<void> {
  const decoder = new TextDecoder(shape.encoding);
  const decode = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      done(null, decoder.decode(chunk, { stream: true }));
    },
    flush(done) {
      done(null, decoder.decode());
    },
  });
  const stages = [
    createReadStream(input.target),
    ...(shape.gzip ? [createGunzip()] : []),
    decode,
    createWriteStream(input.readable),
  ];
  await pipeline(stages as unknown as [NodeJS.ReadableStream, NodeJS.WritableStream]);
}

function landingError(error: unknown, name: string): unknown {
  if (error instanceof AppError) return error;
  const full = diskFullError(error);
  if (full !== null) return full;
  const code = (error as NodeJS.ErrnoException).code ?? "";
  if (code === "Z_BUF_ERROR")
    return new AppError("invalid", `${name} is cut off: the gzip ends too early. Download it again.`, { cause: error });
  if (code.startsWith("Z_"))
    return new AppError("invalid", `${name} is corrupt: the gzip does not unpack. Download it again.`, {
      cause: error,
    });
  if (code === "ABORT_ERR") return new AppError("precondition", "The work was cancelled.", { cause: error });
  return error;
}
